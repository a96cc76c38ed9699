//! Routes: what is served is on the page of the HTTP API, and the other way about.

use std::collections::BTreeSet;

use crate::{none, tree};

/// `METHOD /path`, with every parameter as `{}`.
fn plain(method: &str, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let steps = path.split('/').map(|step| {
        let parameter = step.starts_with('{');
        if parameter { "{}" } else { step }
    });
    format!(
        "{} {}",
        method.to_uppercase(),
        steps.collect::<Vec<_>>().join("/")
    )
}

/// From the attributes that the router's list takes routes from.
fn served() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in tree::files(&[".rs"]) {
        if !file.is_in(&["sync-server/src/http"]) || file.path.contains("/tests/") {
            continue;
        }
        for attribute in file.text.split("#[utoipa::path(").skip(1) {
            let (method, rest) = attribute.split_once(',').unwrap();
            let (_, rest) = rest.split_once("path = \"").unwrap();
            let (path, _) = rest.split_once('"').unwrap();
            found.insert(plain(method.trim(), path));
        }
    }
    found
}

/// From the tables of the page.
fn told(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let routes = rows.filter_map(|row| row.split('`').next()?.split_once(' '));
    routes
        .filter(|(_, path)| path.starts_with('/'))
        .map(|(method, path)| plain(method, path))
        .collect()
}

#[test]
fn the_page_of_the_http_api_has_exactly_the_routes() {
    let page = told(&tree::read("docs/src/http-api.md"));
    let served = served();
    assert!(served.len() > 20, "{served:?}");
    let untold = served
        .difference(&page)
        .map(|it| format!("{it}: served, and not on the page"));
    let gone = page
        .difference(&served)
        .map(|it| format!("{it}: on the page, and not served"));
    none(&untold.chain(gone).collect::<Vec<_>>());
}

/// The list in the router is the one that is served: each handler is in it.
#[test]
fn every_described_handler_is_in_the_router() {
    let router = tree::read("sync-server/src/http/router.rs");
    let mut faults = Vec::new();
    for file in tree::files(&[".rs"]) {
        if !file.is_in(&["sync-server/src/http"]) || file.path.contains("/tests/") {
            continue;
        }
        let module = file
            .path
            .rsplit('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs");
        for attribute in file.text.split("#[utoipa::path(").skip(1) {
            let (_, rest) = attribute.split_once(" fn ").unwrap();
            let handler = rest.split(['(', '<']).next().unwrap();
            if !router.contains(&format!("{module}::{handler}")) {
                faults.push(format!("{}: {handler} is in no list", file.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn parameters_and_queries_do_not_make_another_route() {
    assert_eq!(plain("get", "/a/{id}/b?limit="), "GET /a/{}/b");
    let page = "| `GET /a?x=` | y |\n| `code` | no route |\n";
    assert_eq!(told(page), BTreeSet::from(["GET /a".to_owned()]));
}
