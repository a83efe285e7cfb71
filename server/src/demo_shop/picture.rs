//! The products' pictures: drawn here, so that nothing is anybody else's.

use super::catalogue::Item;

/// The picture of a product as SVG.
pub fn picture(item: &Item) -> String {
    let hue = item.shop.hue();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 320\" width=\"320\" height=\"320\" role=\"img\">\
         <rect width=\"320\" height=\"320\" fill=\"hsl({hue} 40% 94%)\"/><ellipse cx=\"160\" cy=\"272\" rx=\"104\" ry=\"12\" fill=\"hsl({hue} 20% 84%)\"/>\
         <g fill=\"hsl({hue} 45% 38%)\" stroke=\"hsl({hue} 45% 22%)\" stroke-width=\"6\" stroke-linejoin=\"round\" stroke-linecap=\"round\">{}</g></svg>",
        drawing(item.slug)
    )
}

/// The shapes of one product, in a square of 320.
fn drawing(slug: &str) -> &'static str {
    match slug {
        "headphones" => {
            "<path fill=\"none\" stroke-width=\"16\" d=\"M76 196v-36a84 84 0 0 1 168 0v36\"/>\
             <rect x=\"54\" y=\"176\" width=\"50\" height=\"84\" rx=\"22\"/><rect x=\"216\" y=\"176\" width=\"50\" height=\"84\" rx=\"22\"/>"
        }
        "coffee-maker" => {
            "<path d=\"M100 62h120l-34 78h-52z\"/><path fill=\"white\" d=\"M134 140h52l34 96a24 24 0 0 1-23 32h-74a24 24 0 0 1-23-32z\"/>\
             <path d=\"M116 192h88l16 44a24 24 0 0 1-23 32h-74a24 24 0 0 1-23-32z\"/>"
        }
        "keyboard" => {
            "<rect x=\"34\" y=\"104\" width=\"252\" height=\"120\" rx=\"14\"/>\
             <path stroke=\"white\" stroke-width=\"16\" stroke-dasharray=\"1 26\" d=\"M62 134h204M70 164h190\"/><path stroke=\"white\" stroke-width=\"14\" d=\"M110 196h100\"/>"
        }
        "camera" => {
            "<path d=\"M44 110h60l18-30h76l18 30h60v140H44z\"/><circle cx=\"160\" cy=\"180\" r=\"52\" fill=\"white\"/><circle cx=\"160\" cy=\"180\" r=\"30\"/>"
        }
        "desk-lamp" => {
            "<path fill=\"none\" stroke-width=\"12\" d=\"M140 262l-44-92 84-70\"/><path d=\"M160 60l76 62-52 46-60-82z\"/><rect x=\"84\" y=\"254\" width=\"116\" height=\"16\" rx=\"8\"/>"
        }
        "bicycle" => {
            "<circle cx=\"88\" cy=\"212\" r=\"52\" fill=\"none\"/><circle cx=\"232\" cy=\"212\" r=\"52\" fill=\"none\"/>\
             <path fill=\"none\" stroke-width=\"10\" d=\"M88 212l46-84h72l26 84M134 128l30 84 42-84M88 212h76M118 104h34M206 128l-8-30h30\"/>"
        }
        "kettle" => {
            "<path d=\"M104 110h96l24 152H80z\"/><path fill=\"none\" stroke-width=\"14\" d=\"M208 130h36a16 16 0 0 1 16 18l-10 76\"/>\
             <path d=\"M104 124l-44 20 34 34z\"/><rect x=\"134\" y=\"84\" width=\"36\" height=\"22\" rx=\"8\"/>"
        }
        "hiking-boots" => {
            "<path d=\"M96 70h80v92l76 38a26 26 0 0 1 14 24v28H96z\"/><path stroke-width=\"14\" d=\"M92 258h178\"/><path stroke=\"white\" d=\"M150 108h34M150 136h34M156 164h36\"/>"
        }
        "rice-cooker" => {
            "<rect x=\"62\" y=\"120\" width=\"196\" height=\"142\" rx=\"52\"/><path fill=\"white\" d=\"M66 148a94 72 0 0 1 188 0z\"/><rect x=\"134\" y=\"194\" width=\"52\" height=\"36\" rx=\"8\" fill=\"white\"/>"
        }
        "floor-lamp" => {
            "<path fill=\"none\" stroke-width=\"10\" d=\"M108 262V150a80 80 0 0 1 110-70\"/><path d=\"M190 98l60-30 14 56-66 20z\"/><rect x=\"66\" y=\"256\" width=\"86\" height=\"14\" rx=\"7\"/>"
        }
        "speakers" => {
            "<rect x=\"56\" y=\"84\" width=\"92\" height=\"180\" rx=\"10\"/><rect x=\"172\" y=\"84\" width=\"92\" height=\"180\" rx=\"10\"/>\
             <g fill=\"white\"><circle cx=\"102\" cy=\"208\" r=\"32\"/><circle cx=\"102\" cy=\"126\" r=\"16\"/><circle cx=\"218\" cy=\"208\" r=\"32\"/><circle cx=\"218\" cy=\"126\" r=\"16\"/></g>"
        }
        "rain-jacket" => {
            "<path d=\"M128 76h64l58 40 22 96-44 10-14-52v92H106v-92l-14 52-44-10 22-96z\"/><path fill=\"white\" d=\"M128 76q32 40 64 0l-8-18h-48z\"/><path stroke=\"white\" d=\"M160 112v146\"/>"
        }
        "backpack" => {
            "<path fill=\"none\" stroke-width=\"12\" d=\"M130 84a30 30 0 0 1 60 0\"/><rect x=\"84\" y=\"84\" width=\"152\" height=\"182\" rx=\"46\"/>\
             <rect x=\"108\" y=\"180\" width=\"104\" height=\"68\" rx=\"14\" fill=\"white\"/><path stroke=\"white\" d=\"M112 138h96\"/>"
        }
        "desk-chair" => {
            "<rect x=\"104\" y=\"52\" width=\"112\" height=\"116\" rx=\"26\"/><rect x=\"90\" y=\"176\" width=\"140\" height=\"28\" rx=\"14\"/>\
             <path fill=\"none\" stroke-width=\"12\" d=\"M160 204v40M160 244l-62 22M160 244l62 22M160 244v24\"/>"
        }
        _ => "<rect x=\"90\" y=\"110\" width=\"140\" height=\"150\" rx=\"16\"/><path stroke=\"white\" d=\"M90 160h140\"/>",
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::CATALOGUE;
    use super::*;

    #[test]
    fn every_product_has_a_picture_of_its_own() {
        let mut seen: Vec<String> = CATALOGUE.iter().map(picture).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), CATALOGUE.len());
        assert!(seen.iter().all(|svg| !svg.contains(drawing("anything else"))));
    }
}
