//! How long pages take, by each way: `speed FOLDER [SECONDS]` reads every `.html` file below a folder again and again.
//!
//! Prints the median and the mean over the pages, and megabytes a second of one core: the memory search, the quick tree, the full
//! tree, `extract` as it is used (the first way that answers), and bare `scraper` parsing of the same pages.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::ProductUrl;
use extract::{Page, Pin, Way, extract, extract_by};

/// A way to spend time on a page; whether it answered.
type Run = dyn Fn(&Page<'_>, &Pin<'_>) -> bool;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: speed FOLDER [SECONDS a way]")?;
    let seconds: f64 = std::env::args().nth(2).map_or(Ok(5.0), |text| text.parse())?;
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files)?;
    files.sort();
    // A list of `{"id","url","path"}` beside the pages names their shops; without it all are a shop's that nobody knows.
    let urls = urls(Path::new(&folder));
    let mut pages = Vec::new();
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let url = urls.iter().find(|(known, _)| *known == name).map_or("https://shop.example/", |(_, url)| url.as_str());
        let product = ProductUrl::parse(url).or_else(|_| ProductUrl::parse("https://shop.example/"))?;
        pages.push((std::fs::read(file)?, url.to_owned(), product));
    }
    let bytes: usize = pages.iter().map(|(body, ..)| body.len()).sum();
    println!("{} pages, {:.1} MB", pages.len(), bytes as f64 / 1e6);
    println!("{:<22} {:>8} {:>12} {:>12} {:>10}", "way", "answers", "median us", "mean us", "MB/s");
    let ways: [(&str, &Run); 5] = [
        ("memory search", &|page, pin| extract_by(page, pin, Way::Search).is_some()),
        ("quick tree", &|page, pin| extract_by(page, pin, Way::Tree).is_some()),
        ("full tree", &|page, pin| extract_by(page, pin, Way::Full).is_some()),
        ("extract", &|page, pin| {
            extract(page, pin);
            true
        }),
        ("bare scraper parsing", &|page, _| {
            let text = String::from_utf8_lossy(page.body);
            scraper::Html::parse_document(&text).tree.values().len() > 1
        }),
    ];
    for (name, run) in ways {
        let mut times = vec![Vec::new(); pages.len()];
        let mut answers = 0;
        let start = Instant::now();
        while times[0].len() < 3 || (start.elapsed() < Duration::from_secs_f64(seconds) && times[0].len() < 50) {
            answers = 0;
            for ((body, url, product), times) in pages.iter().zip(&mut times) {
                let page = Page { url, status: 200, content_type: Some("text/html"), body };
                let begin = Instant::now();
                answers += usize::from(run(&page, &Pin::new(product, None)));
                times.push(begin.elapsed());
            }
        }
        let mut of_pages: Vec<f64> = times.iter_mut().map(|times| median(times).as_secs_f64() * 1e6).collect();
        let total: f64 = of_pages.iter().sum();
        of_pages.sort_by(f64::total_cmp);
        println!(
            "{name:<22} {answers:>8} {:>12.0} {:>12.0} {:>10.0}",
            of_pages[of_pages.len() / 2],
            total / of_pages.len() as f64,
            bytes as f64 / total
        );
    }
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "html" || extension == "htm") {
            files.push(path);
        }
    }
    Ok(())
}

/// File names and URLs of `pages.jsonl` in the folder or above it.
fn urls(folder: &Path) -> Vec<(String, String)> {
    let lists = [folder.join("pages.jsonl"), folder.join("../pages.jsonl")];
    let text = lists.iter().find_map(|list| std::fs::read_to_string(list).ok()).unwrap_or_default();
    let entries = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    entries
        .filter_map(|entry| {
            let name = Path::new(entry["path"].as_str()?).file_name()?.to_string_lossy().into_owned();
            Some((name, entry["url"].as_str()?.to_owned()))
        })
        .collect()
}
