//! Text into HTML: escaping, and the frame around every page of the shops.

use std::fmt::Write as _;

use super::catalogue::Shop;

/// Text as HTML shows it, in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// JSON inside a `<script>`: nothing in it can end the element.
pub fn script_json(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

const STYLE: &str = "\
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:hsl(220 25% 15%);background:hsl(220 20% 97%)}\
a{color:hsl(var(--hue) 70% 32%)}header{background:hsl(var(--hue) 55% 24%);color:white;padding:.8rem 1.5rem;display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}\
header a{color:white;text-decoration:none}header strong{font-size:1.2rem}header small{opacity:.85}\
main{max-width:66rem;margin:1.5rem auto;padding:0 1.5rem}.product{display:grid;grid-template-columns:minmax(0,22rem) minmax(0,1fr);gap:2rem;background:white;border-radius:12px;padding:1.5rem;border:1px solid hsl(220 15% 88%)}\
.product img{width:100%;height:auto;border-radius:8px}h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0 .8rem}.price{font-size:1.9rem;font-weight:650;font-variant-numeric:tabular-nums}\
.was{color:hsl(220 10% 42%);margin-inline-start:.6rem}.stock{font-weight:600;color:hsl(160 80% 25%)}.stock[data-out]{color:hsl(8 70% 40%)}\
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:1rem;padding:0;list-style:none}\
.cards li{background:white;border:1px solid hsl(220 15% 88%);border-radius:12px;padding:1rem}.cards img{width:100%;height:auto;border-radius:8px}\
button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:.6rem 1.2rem;background:hsl(var(--hue) 60% 34%);color:white}\
button[disabled]{background:hsl(220 8% 75%);color:hsl(220 10% 25%)}table{border-collapse:collapse;width:100%;background:white}td,th{padding:.5rem .7rem;border:1px solid hsl(220 15% 88%);text-align:start;vertical-align:top}\
input,select{font:inherit;padding:.4rem;max-width:8rem}.aok-offscreen,.a-offscreen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\
@media(max-width:44rem){.product{grid-template-columns:1fr}}";

/// A whole page. `head` and `body` are HTML already.
pub fn document(title: &str, shop: Option<Shop>, head: &str, body: &str) -> String {
    let hue = shop.map_or(200, Shop::hue);
    let name = shop.map_or("Demo shop", Shop::name);
    let mut page = String::with_capacity(body.len() + head.len() + STYLE.len() + 1_024);
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\" style=\"--hue:{hue}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n{head}\
         <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><a href=\"/\"><strong>{name}</strong></a><small>a demo shop, nothing here is for sale</small></header>\n\
         <main>\n{body}\n</main>\n</body>\n</html>\n",
        title = escape(title),
        name = escape(name),
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape(r#"<b a="1" c='2'>&"#), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
        assert!(!script_json(&serde_json::json!({"name": "</script>"})).contains("</script"));
    }
}
