//! The page that the code on a receipt opens. Plain HTML that needs no script, in the words of a
//! message file for each language.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use serde::Deserialize;
use shared::hash::sha256;

use super::extract::Address;
use super::problem::Problem;
use super::state::App;
use super::words::{Languages, Words};
use crate::service::{PersonPage, PersonRecord};

/// Readable on a small screen, in light and dark, without anything being loaded.
const STYLE: &str = "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;\
    padding:1rem;color:#111;background:#fff}dt{font-weight:600;margin-top:1rem}dd{margin:0;\
    white-space:pre-wrap;overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.25}\
    h2{font-size:1.25rem;margin-top:2rem}nav a{display:inline-block;\
    padding:.75rem;color:inherit}.note{border-left:.25rem solid;padding-left:.75rem}\
    @media(prefers-color-scheme:dark){body{color:#eee;background:#111}}";

/// What may stand behind the address.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// The tag of a language that somebody chose on the page.
    lang: Option<String>,
}

/// The record that a receipt is about, for the person who holds the receipt.
#[utoipa::path(
    get, path = "/r/{reference}/{secret}", tag = "public",
    params(
        ("reference" = String, Path, description = "The reference on the receipt"),
        ("secret" = String, Path, description = "The secret in its code"),
        ("lang" = Option<String>, Query, description = "The language that was chosen"),
    ),
    responses(
        (status = 200, description = "The items that the law asks for", body = String,
            content_type = "text/html"),
        (status = 404, description = "Not received yet, or never", body = String,
            content_type = "text/html"),
        (status = 410, description = "The three months are over", body = String,
            content_type = "text/html"),
        (status = 429, description = "Too many attempts", body = String,
            content_type = "text/html"),
    ),
)]
pub(super) async fn page(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
    Path((reference, secret)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|it| it.to_str().ok()).unwrap_or_default();
    // Whatever else stands behind the address is no reason to refuse the page.
    let chosen = asked.ok().and_then(|Query(it)| it.lang);
    let words = Languages::shipped().fitting(chosen.as_deref(), accepted);
    // Every look counts: what is found is disclosed, and what is not found is a guess.
    if let Err(wait) = app.receipts.take(address, Instant::now()) {
        metrics::counter!("beatbook_receipts_refused_total").increment(1);
        let mut answer = message(StatusCode::TOO_MANY_REQUESTS, words, "slow", "");
        let seconds = HeaderValue::from(wait.as_secs() + 1);
        answer.headers_mut().insert(header::RETRY_AFTER, seconds);
        return Ok(answer);
    }
    let page = app
        .call(move |server| server.person_page(&reference, &secret))
        .await?;
    Ok(match page {
        PersonPage::NotHere => message(StatusCode::NOT_FOUND, words, "waiting", ""),
        PersonPage::Ended(until) => message(StatusCode::GONE, words, "ended", &words.day(&until)),
        PersonPage::Record(record) => {
            answer(StatusCode::OK, &html(words, "title", &body(words, &record)))
        }
    })
}

fn answer(status: StatusCode, html: &str) -> Response {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = base64::engine::general_purpose::STANDARD.encode(sha256(&[STYLE.as_bytes()]));
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        )
    });
    let mut response = (status, html.to_owned()).into_response();
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let robots = HeaderValue::from_static("noindex, nofollow, noarchive");
    headers.insert("x-robots-tag", robots);
    response
}

fn message(status: StatusCode, words: &Words, key: &str, until: &str) -> Response {
    let text = words.get(key).replace("{until}", until);
    let body = format!("<p>{}</p>", escape(&text));
    answer(status, &html(words, &format!("{key}_title"), &body))
}

fn html(words: &Words, title: &str, body: &str) -> String {
    let title = escape(words.get(title));
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n{}<main>\n<h1>{title}</h1>\n{body}\n\
         </main>\n</html>\n",
        escape(words.tag()),
        others(Languages::shipped(), words),
    )
}

/// The same page in every other language; nothing, where there is none.
fn others(languages: &Languages, words: &Words) -> String {
    let mut links = String::new();
    for (tag, name) in languages.besides(words) {
        let (tag, name) = (escape(tag), escape(name));
        let _ = writeln!(
            links,
            "<a href=\"?lang={tag}\" hreflang=\"{tag}\" lang=\"{tag}\">{name}</a>"
        );
    }
    if links.is_empty() {
        return links;
    }
    let label = escape(words.get("languages"));
    format!("<nav aria-label=\"{label}\">\n{links}</nav>\n")
}

fn body(words: &Words, it: &PersonRecord) -> String {
    let mut out = format!("<p>{}</p>\n", escape(words.get("intro")));
    if it.withdrawn {
        note(&mut out, words.get("withdrawn"));
    }
    out.push_str("<dl>\n");
    let mut row = |key: &str, values: &[String]| {
        let _ = writeln!(out, "<dt>{}</dt>", escape(words.get(key)));
        let shown: Vec<_> = values.iter().filter(|it| !it.is_empty()).collect();
        if shown.is_empty() {
            let _ = writeln!(out, "<dd>{}</dd>", escape(words.get("blank")));
        }
        for value in &shown {
            let _ = writeln!(out, "<dd>{}</dd>", escape(value));
        }
        if shown.len() > 1 {
            let _ = writeln!(out, "<dd><em>{}</em></dd>", escape(words.get("several")));
        }
    };
    row("reference", std::slice::from_ref(&it.reference));
    row(
        "when",
        &it.searched_at
            .iter()
            .map(|at| words.moment(*at))
            .collect::<Vec<_>>(),
    );
    match &it.near {
        Some(near) => row("near", std::slice::from_ref(near)),
        None => row("where", &it.place),
    }
    if let Some(ethnicity) = &it.ethnicity {
        row("ethnicity", ethnicity);
        if !it.officer_view.is_empty() {
            row("officer_view", &it.officer_view);
        }
    }
    row("object", &it.object);
    row("power", &it.power);
    row(
        if it.suspicion {
            "grounds"
        } else {
            "authorisation"
        },
        &it.grounds,
    );
    row("officer", &it.officer);
    row("station", &it.station);
    out.push_str("</dl>\n");
    if it.withheld {
        note(&mut out, words.get("withheld"));
    }
    for (title, text) in [("copy_title", "copy"), ("complain_title", "complain")] {
        let text = words
            .get(text)
            .replace("{until}", &words.day(&it.copy_until));
        let _ = writeln!(
            out,
            "<h2>{}</h2>\n<p>{}</p>",
            escape(words.get(title)),
            escape(&text)
        );
    }
    out
}

fn note(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(text));
}

/// What people wrote, as text and nothing else.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Marks that turn the direction of the text after them stay within their own item.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            it if it.is_control() && it != '\n' => {}
            it => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_text_and_nothing_else() {
        assert_eq!(
            escape("<script>\"a\" & 'b'\u{202e}\u{7}</script>\nnext"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;\nnext"
        );
    }
}
