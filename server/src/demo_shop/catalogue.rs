//! What the demo shop sells: a dozen products in six shops, each of its own shape.

use domain::{Currency, Money};

/// One of the shops, known by the `Host` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shop {
    /// Pages shaped as Amazon's.
    Amazon,
    /// Pages shaped as eBay's.
    Ebay,
    /// Pages shaped as Walmart's.
    Walmart,
    /// A shop that says schema.org in JSON-LD, and sends ETags.
    JsonLd,
    /// A shop that says schema.org in microdata.
    Microdata,
    /// A shop that says Open Graph and product meta tags only.
    OpenGraph,
}

impl Shop {
    /// Every shop, in the order of the front page.
    pub const ALL: [Shop; 6] = [Shop::Amazon, Shop::Ebay, Shop::Walmart, Shop::JsonLd, Shop::Microdata, Shop::OpenGraph];

    /// The host, without the port. Names under `.localhost` are always this machine (RFC 6761 §6.3).
    pub const fn host(self) -> &'static str {
        match self {
            Shop::Amazon => "amazon.localhost",
            Shop::Ebay => "ebay.localhost",
            Shop::Walmart => "walmart.localhost",
            Shop::JsonLd => "shop.localhost",
            Shop::Microdata => "micro.localhost",
            Shop::OpenGraph => "og.localhost",
        }
    }

    /// The shop of a host name; `None` for the front page's.
    pub fn of_host(host: &str) -> Option<Self> {
        let host = host.strip_prefix("www.").unwrap_or(host);
        Shop::ALL.into_iter().find(|shop| shop.host().eq_ignore_ascii_case(host))
    }

    /// The name over its pages.
    pub const fn name(self) -> &'static str {
        match self {
            Shop::Amazon => "Like Amazon",
            Shop::Ebay => "Like eBay",
            Shop::Walmart => "Like Walmart",
            Shop::JsonLd => "Fjell & Lumen",
            Shop::Microdata => "Wren of York",
            Shop::OpenGraph => "Kestrel Goods",
        }
    }

    /// Hue of its colours, 0 to 359.
    pub const fn hue(self) -> u16 {
        match self {
            Shop::Amazon => 32,
            Shop::Ebay => 212,
            Shop::Walmart => 224,
            Shop::JsonLd => 158,
            Shop::Microdata => 338,
            Shop::OpenGraph => 262,
        }
    }
}

/// How a price moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// High for a minute, low for a minute: the one to show an alert with.
    Seesaw,
    /// To another price every minute or so, sometimes to the same.
    Walk,
    /// Never.
    Still,
}

/// One product.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// What the control page calls it.
    pub slug: &'static str,
    /// Its name on the page.
    pub name: &'static str,
    /// Who makes it.
    pub brand: &'static str,
    /// Its global trade item number.
    pub gtin: &'static str,
    /// Who sells it.
    pub shop: Shop,
    /// The page's path.
    pub path: &'static str,
    /// The price's currency.
    pub currency: &'static str,
    /// The price around which it moves, in minor units.
    pub usual_minor: i64,
    /// The struck price, in minor units, if it is on sale.
    pub list_minor: Option<i64>,
    /// How the price moves.
    pub movement: Movement,
    /// Whether it can be bought while nobody says otherwise.
    pub in_stock: bool,
}

impl Item {
    /// The currency.
    pub fn currency(&self) -> Currency {
        Currency::from_code(self.currency).expect("the catalogue names currencies of ISO 4217")
    }

    /// The struck price, if it is on sale.
    pub fn list_price(&self) -> Option<Money> {
        self.list_minor.map(|minor| Money::new(minor, self.currency()))
    }

    /// Where it is sold, with the shop on `port` of this machine.
    pub fn url(&self, port: u16) -> String {
        format!("http://{}:{port}{}", self.shop.host(), self.path)
    }

    /// Where its picture is.
    pub fn picture_url(&self, port: u16) -> String {
        format!("http://{}:{port}/pictures/{}.svg", self.shop.host(), self.slug)
    }
}

/// The product of a shop's page.
pub fn find_item(shop: Shop, path: &str) -> Option<&'static Item> {
    CATALOGUE.iter().find(|item| item.shop == shop && item.path == path.trim_end_matches('/'))
}

/// The product that the control page calls `slug`.
pub fn find_slug(slug: &str) -> Option<&'static Item> {
    CATALOGUE.iter().find(|item| item.slug == slug)
}

const fn item(slug: &'static str, shop: Shop, path: &'static str, currency: &'static str, usual_minor: i64) -> Item {
    Item {
        slug,
        name: "",
        brand: "",
        gtin: "",
        shop,
        path,
        currency,
        usual_minor,
        list_minor: None,
        movement: Movement::Walk,
        in_stock: true,
    }
}

/// Everything on sale.
pub const CATALOGUE: &[Item] = &[
    Item {
        name: "Aurora H5 Wireless Noise-Cancelling Headphones, Black",
        brand: "Aurora",
        gtin: "4006381333931",
        movement: Movement::Seesaw,
        ..item("headphones", Shop::Amazon, "/dp/B0DEMO0001", "USD", 14_999)
    },
    Item {
        name: "Brewmark Pour-Over Coffee Maker, 8 Cups",
        brand: "Brewmark",
        gtin: "4006381333948",
        list_minor: Some(5_995),
        ..item("coffee-maker", Shop::Amazon, "/dp/B0DEMO0002", "USD", 4_495)
    },
    Item {
        name: "Halden Mechanical Keyboard, 87 Keys, Brown Switches",
        brand: "Halden",
        gtin: "4006381333955",
        ..item("keyboard", Shop::Amazon, "/dp/B0DEMO0003", "USD", 11_900)
    },
    Item {
        name: "Meridian 35 mm Film Camera with 50 mm f/1.8 Lens",
        brand: "Meridian",
        gtin: "4006381333962",
        ..item("camera", Shop::Ebay, "/itm/225500000001", "USD", 18_900)
    },
    Item {
        name: "Old Harbor Brass Desk Lamp",
        brand: "Old Harbor",
        gtin: "4006381333979",
        ..item("desk-lamp", Shop::Ebay, "/itm/225500000002", "USD", 6_450)
    },
    Item {
        name: "Northway 26-Inch City Bicycle, 7 Speeds",
        brand: "Northway",
        gtin: "4006381333986",
        ..item("bicycle", Shop::Walmart, "/ip/5500000001", "USD", 24_800)
    },
    Item {
        name: "Harvest Table Electric Kettle, 1.7 Liters",
        brand: "Harvest Table",
        gtin: "4006381333993",
        list_minor: Some(3_497),
        ..item("kettle", Shop::Walmart, "/ip/5500000002", "USD", 2_497)
    },
    Item {
        name: "Fjell Summit Hiking Boots, Waterproof",
        brand: "Fjell",
        gtin: "4006381334006",
        list_minor: Some(19_900),
        ..item("hiking-boots", Shop::JsonLd, "/p/fjell-hiking-boots", "EUR", 15_900)
    },
    Item {
        name: "Sora Rice Cooker, 1.0 L",
        brand: "Sora",
        gtin: "4006381334013",
        ..item("rice-cooker", Shop::JsonLd, "/p/sora-rice-cooker", "JPY", 12_800)
    },
    Item {
        name: "Lumen Arc Floor Lamp, Oak",
        brand: "Lumen",
        gtin: "4006381334020",
        movement: Movement::Still,
        in_stock: false,
        ..item("floor-lamp", Shop::JsonLd, "/p/lumen-floor-lamp", "EUR", 8_990)
    },
    Item {
        name: "Wren Bookshelf Speakers, Pair",
        brand: "Wren",
        gtin: "4006381334037",
        ..item("speakers", Shop::Microdata, "/products/wren-bookshelf-speakers", "GBP", 21_900)
    },
    Item {
        name: "Tidewater Rain Jacket, Women's",
        brand: "Tidewater",
        gtin: "4006381334044",
        ..item("rain-jacket", Shop::Microdata, "/products/tidewater-rain-jacket", "GBP", 9_500)
    },
    Item {
        name: "Kestrel 28 L Everyday Backpack",
        brand: "Kestrel",
        gtin: "4006381334051",
        ..item("backpack", Shop::OpenGraph, "/item/kestrel-backpack", "EUR", 7_495)
    },
    Item {
        name: "Nimbus Mesh Desk Chair",
        brand: "Nimbus",
        gtin: "4006381334068",
        ..item("desk-chair", Shop::OpenGraph, "/item/nimbus-desk-chair", "EUR", 32_900)
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_a_name_a_page_and_a_currency_of_its_own_kind() {
        for (index, item) in CATALOGUE.iter().enumerate() {
            assert!(!item.name.is_empty() && !item.brand.is_empty(), "{}", item.slug);
            assert_eq!(item.currency().code(), item.currency);
            assert_eq!(find_item(item.shop, item.path), Some(item));
            assert_eq!(find_slug(item.slug), Some(item));
            assert!(CATALOGUE[..index].iter().all(|other| other.slug != item.slug && other.gtin != item.gtin), "{}", item.slug);
        }
    }

    #[test]
    fn gtins_have_a_right_check_digit() {
        for item in CATALOGUE {
            let digits: Vec<u32> = item.gtin.chars().map(|c| c.to_digit(10).unwrap()).collect();
            let sum: u32 = digits.iter().rev().enumerate().map(|(index, digit)| digit * if index % 2 == 0 { 1 } else { 3 }).sum();
            assert_eq!(sum % 10, 0, "{} of {}", item.gtin, item.slug);
        }
    }

    #[test]
    fn every_page_is_known_as_a_product_of_its_platform() {
        for item in CATALOGUE {
            let url = domain::ProductUrl::parse(&item.url(8481)).unwrap();
            let platform = match item.shop {
                Shop::Amazon => "amazon",
                Shop::Ebay => "ebay",
                Shop::Walmart => "walmart",
                Shop::JsonLd | Shop::Microdata | Shop::OpenGraph => "generic",
            };
            assert_eq!(url.platform.as_str(), platform, "{}", item.slug);
            assert_eq!(url.url, item.url(8481));
        }
    }
}
