//! Words about stock: schema.org's, in any form, and the phrases that shops show.

use domain::Availability;

/// Reads a machine's word: `https://schema.org/InStock`, `schema:in_stock`, `instock`, `Out of Stock`. What is not in the table
/// is unknown.
pub fn read_schema_word(word: &str) -> Availability {
    let last = word.trim().trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or_default();
    match crate::text::squash(last).as_str() {
        "instock" | "onlineonly" | "available" | "availablefororder" | "instockonline" => Availability::InStock,
        "limitedavailability" | "limited" | "lowstock" => Availability::Limited,
        "preorder" | "presale" | "availableforpreorder" => Availability::PreOrder,
        "backorder" | "madetoorder" => Availability::BackOrder,
        "instoreonly" => Availability::InStoreOnly,
        "outofstock" | "soldout" | "oos" | "notavailable" | "unavailable" | "notinstock" => Availability::OutOfStock,
        "discontinued" => Availability::Discontinued,
        _ => Availability::Unknown,
    }
}

/// Phrases by meaning. Order decides: negatives before what they negate, "later" before "now".
const PHRASES: &[(Availability, &[&str])] = &[
    (
        Availability::Discontinued,
        &[
            "discontinued",
            "no longer available",
            "no longer sold",
            "nicht mehr lieferbar",
            "nicht mehr erhältlich",
            "n'est plus commercialisé",
            "descatalogado",
            "fuori produzione",
            "niet meer leverbaar",
            "wycofany",
            "descontinuado",
            "utgått",
            "販売終了",
            "生産終了",
        ],
    ),
    (
        Availability::OutOfStock,
        &[
            // English
            "out of stock",
            "out-of-stock",
            "sold out",
            "currently unavailable",
            "temporarily unavailable",
            "unavailable",
            "not available",
            "not in stock",
            "isn't available",
            "none left",
            "no stock",
            "coming soon",
            "notify me when available",
            "this listing ended",
            "this listing was ended",
            "bidding has ended",
            // German
            "ausverkauft",
            "nicht verfügbar",
            "nicht auf lager",
            "nicht vorrätig",
            "nicht lieferbar",
            "derzeit nicht",
            "vergriffen",
            // French
            "rupture de stock",
            "en rupture",
            "épuisé",
            "indisponible",
            "non disponible",
            "pas disponible",
            "plus disponible",
            // Spanish
            "agotado",
            "no disponible",
            "sin existencias",
            "sin stock",
            "fuera de stock",
            // Italian
            "esaurito",
            "esaurita",
            "non è disponibile",
            "non disponibile",
            "attualmente non",
            "terminato",
            // Dutch
            "uitverkocht",
            "niet op voorraad",
            "niet beschikbaar",
            "niet leverbaar",
            "momenteel niet",
            // Polish
            "brak w magazynie",
            "niedostępny",
            "niedostępna",
            "niedostępne",
            "wyprzedane",
            "chwilowo niedostępny",
            "produkt niedostępny",
            // Portuguese
            "esgotado",
            "esgotada",
            "indisponível",
            "não disponível",
            "sem estoque",
            "sem stock",
            "fora de estoque",
            // Swedish
            "slutsåld",
            "slut i lager",
            "ej i lager",
            "inte i lager",
            "finns ej",
            "inte tillgänglig",
            "tillfälligt slut",
            // Japanese, Chinese, Korean
            "在庫切れ",
            "売り切れ",
            "品切れ",
            "在庫なし",
            "現在お取り扱いできません",
            "入荷待ち",
            "缺货",
            "售罄",
            "已售完",
            "품절",
            // Others
            "není skladem",
            "vyprodáno",
            "vypredané",
            "нет в наличии",
            "stokta yok",
            "tükendi",
            "nu este în stoc",
            "stoc epuizat",
            "ikke på lager",
            "udsolgt",
            "loppu varastosta",
            "nincs készleten",
            "غير متوفر",
            "אזל מהמלאי",
            "אינו במלאי",
        ],
    ),
    (
        Availability::PreOrder,
        &[
            "pre-order",
            "preorder",
            "pre order",
            "vorbestell",
            "précommande",
            "pré-commande",
            "reserva anticipada",
            "preventa",
            "pre-ordina",
            "preordina",
            "prenota",
            "pre-orderen",
            "voorbestell",
            "przedsprzedaż",
            "pré-venda",
            "pré-encomenda",
            "förbeställ",
            "forudbestil",
            "予約受付",
            "予約商品",
            "предзаказ",
        ],
    ),
    (
        Availability::BackOrder,
        &[
            "backorder",
            "back-order",
            "back order",
            "made to order",
            "auf bestellung",
            "sur commande",
            "bajo pedido",
            "su ordinazione",
            "na zamówienie",
            "sob encomenda",
            "beställningsvara",
            "お取り寄せ",
            "取り寄せ",
        ],
    ),
    // Not now, and not for sure later: neither in nor out.
    (
        Availability::Unknown,
        &[
            "available from",
            "available on",
            "available again",
            "in stock on",
            "in stock soon",
            "back in stock soon",
            "verfügbar ab",
            "lieferbar ab",
            "wieder verfügbar",
            "disponible à partir",
            "disponible le",
            "disponible a partir",
            "disponibile dal",
            "disponibile a partire",
            "beschikbaar vanaf",
            "dostępny od",
            "disponível a partir",
            "tillgänglig från",
            "clearance",
            "available from these sellers",
            "see all buying options",
        ],
    ),
    (
        Availability::InStoreOnly,
        &[
            "in store only",
            "in-store only",
            "available in store only",
            "only in stores",
            "nur im markt",
            "nur in der filiale",
            "uniquement en magasin",
            "solo en tienda",
            "solo in negozio",
            "alleen in de winkel",
            "tylko w sklepie stacjonarnym",
            "店舗のみ",
        ],
    ),
    (
        Availability::Limited,
        &[
            "left in stock",
            "low stock",
            "limited stock",
            "limited availability",
            "last few",
            "few left",
            "nur noch",
            "wenige auf lager",
            "il ne reste plus que",
            "plus que",
            "solo queda",
            "solo quedan",
            "últimas unidades",
            "ultime unità",
            "solo 1 disponibil",
            "nog maar",
            "ostatnie sztuki",
            "tylko",
            "apenas",
            "endast",
            "残り",
        ],
    ),
    (
        Availability::InStock,
        &[
            "in stock",
            "in-stock",
            "available now",
            "available to order",
            "ready to ship",
            "ships today",
            "usually ships",
            "usually dispatched",
            "available",
            "auf lager",
            "sofort lieferbar",
            "lieferbar",
            "verfügbar",
            "vorrätig",
            "gewöhnlich versandfertig",
            "en stock",
            "disponible",
            "en existencia",
            "disponibile",
            "disponibilità immediata",
            "op voorraad",
            "leverbaar",
            "direct leverbaar",
            "beschikbaar",
            "w magazynie",
            "dostępny",
            "dostępna",
            "dostępne",
            "na stanie",
            "em estoque",
            "em stock",
            "disponível",
            "i lager",
            "finns i lager",
            "tillgänglig",
            "在庫あり",
            "在庫有",
            "有货",
            "現貨",
            "재고 있음",
            "skladem",
            "na sklade",
            "в наличии",
            "есть в наличии",
            "stokta",
            "în stoc",
            "in stoc",
            "på lager",
            "varastossa",
            "raktáron",
            "متوفر",
            "במלאי",
        ],
    ),
];

/// Reads a phrase that stands in the main product's own stock line. Long texts say too much to be read.
pub fn read_phrase(text: &str) -> Availability {
    let text = crate::text::collapse(text, 400).to_lowercase().replace('’', "'");
    let found = PHRASES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| contains_phrase(&text, phrase)));
    found.map_or(Availability::Unknown, |(availability, _)| *availability)
}

/// Whether the phrase stands in the text as whole words. Scripts without spaces have no words, and German puts stems together
/// (`vorbestellbar`), so only the start is held to a word there.
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    let is_cjk = phrase.chars().next().is_some_and(|c| c as u32 >= 0x3000);
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let stem =
            matches!(phrase, "vorbestell" | "voorbestell" | "förbeställ" | "forudbestil" | "prenota" | "solo 1 disponibil");
        is_cjk || (open(before) && (stem || open(after)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_words_are_read_in_any_form_and_case() {
        for (word, expect) in [
            ("https://schema.org/InStock", Availability::InStock),
            ("http://schema.org/inStock/", Availability::InStock),
            ("schema:OutOfStock", Availability::OutOfStock),
            ("https://schema.org#SoldOut", Availability::OutOfStock),
            ("IN_STOCK", Availability::InStock),
            ("out of stock", Availability::OutOfStock),
            ("PreOrder", Availability::PreOrder),
            ("BackOrder", Availability::BackOrder),
            ("Discontinued", Availability::Discontinued),
            ("InStoreOnly", Availability::InStoreOnly),
            ("LimitedAvailability", Availability::Limited),
            ("", Availability::Unknown),
            ("Maybe", Availability::Unknown),
            ("https://schema.org/", Availability::Unknown),
        ] {
            assert_eq!(read_schema_word(word), expect, "{word}");
        }
    }

    #[test]
    fn negatives_and_later_come_before_what_they_contain() {
        for (text, expect) in [
            ("In Stock.", Availability::InStock),
            ("Currently unavailable.", Availability::OutOfStock),
            ("Not in stock", Availability::OutOfStock),
            ("Available from 12 May", Availability::Unknown),
            ("Clearance", Availability::Unknown),
            ("Only 3 left in stock - order soon", Availability::Limited),
            ("Available for pre-order", Availability::PreOrder),
            ("Derzeit nicht verfügbar", Availability::OutOfStock),
            ("Auf Lager", Availability::InStock),
            ("Nur noch 2 auf Lager", Availability::Limited),
            ("Vorbestellbar", Availability::PreOrder),
            ("Actuellement indisponible", Availability::OutOfStock),
            ("En stock", Availability::InStock),
            ("No disponible", Availability::OutOfStock),
            ("Disponible", Availability::InStock),
            ("Non disponibile", Availability::OutOfStock),
            ("Disponibilità immediata", Availability::InStock),
            ("Niet op voorraad", Availability::OutOfStock),
            ("Op voorraad", Availability::InStock),
            ("Produkt niedostępny", Availability::OutOfStock),
            ("Indisponível", Availability::OutOfStock),
            ("Em estoque", Availability::InStock),
            ("Ej i lager", Availability::OutOfStock),
            ("Finns i lager", Availability::InStock),
            ("在庫切れ", Availability::OutOfStock),
            ("現在在庫切れです。", Availability::OutOfStock),
            ("在庫あり。", Availability::InStock),
            ("No longer available", Availability::Discontinued),
            ("unavailability", Availability::Unknown),
            ("Ships from and sold by us", Availability::Unknown),
        ] {
            assert_eq!(read_phrase(text), expect, "{text}");
        }
    }
}
