//! The API's reference: the description itself, and a page that a person can read. Loads nothing from elsewhere.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use serde_json::Value;

use crate::state::{Answer, App};

/// The OpenAPI description
#[utoipa::path(get, path = "/api/openapi.json", tag = "Reference",
    responses((status = 200, content_type = "application/json", body = Object)))]
pub(crate) async fn get_openapi(State(app): State<App>) -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response())
}

/// The reference as a page
#[utoipa::path(get, path = "/api/docs", tag = "Reference",
    responses((status = 200, content_type = "text/html", body = String)))]
pub(crate) async fn get_docs(State(app): State<App>) -> Answer {
    let nonce = nonce(app.platform.env());
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"
    );
    let document: Value = serde_json::from_str(&app.openapi).unwrap_or_default();
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(page(&document, &nonce))).into_response())
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#222;\
background:#fff}h2{margin-top:2.5rem}code,pre{font:14px/1.5 ui-monospace,monospace}details{border:1px solid #ddd;\
border-radius:8px;margin:.5rem 0;padding:.5rem .75rem}summary{cursor:pointer}b{display:inline-block;min-width:4.5rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.25rem .5rem;border-top:1px solid #eee;\
vertical-align:top}@media(prefers-color-scheme:dark){body{background:#181418;color:#eee}details{border-color:#444}\
td,th{border-color:#333}a{color:#9cf}}";

fn page(document: &Value, nonce: &str) -> String {
    let about = text(document, "/info/description");
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>API reference</title><style nonce=\"{nonce}\">{STYLE}\
         </style></head><body><h1>API reference</h1><p>{}</p><p>For programs and generators: \
         <a href=\"/api/openapi.json\">openapi.json</a></p>",
        escape(about)
    );
    for (heading, prefix) in [("For programs", "/api/v1/"), ("Webhooks", "/api/webhooks/")] {
        let _ = write!(out, "<h2>{heading}</h2>");
        for (path, methods) in
            entries(document.get("paths")).filter(|(path, _)| path.starts_with(prefix))
        {
            for (method, operation) in entries(Some(methods)) {
                operation_into(&mut out, path, method, operation);
            }
        }
    }
    schemas_into(&mut out, document);
    out.push_str("</body></html>");
    out
}

fn operation_into(out: &mut String, path: &str, method: &str, operation: &Value) {
    let (summary, about) = (text(operation, "/summary"), text(operation, "/description"));
    let (method, path) = (escape(&method.to_uppercase()), escape(path));
    let _ = write!(
        out,
        "<details><summary><b>{method}</b><code>{path}</code> {}</summary>",
        escape(summary)
    );
    let _ = write!(out, "<p>{}</p><table>", escape(about));
    for parameter in list(operation.get("parameters")) {
        let (name, place) = (text(parameter, "/name"), text(parameter, "/in"));
        let about = text(parameter, "/description");
        let _ = write!(out, "<tr><td><code>{}</code></td><td>{}</td>", escape(name), escape(place));
        let _ = write!(out, "<td>{}</td></tr>", escape(about));
    }
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    if let Some(schema) = body {
        let _ = write!(out, "<tr><td>body</td><td>JSON</td><td>{}</td></tr>", kind(schema));
    }
    for (status, response) in entries(operation.get("responses")) {
        let schema =
            response.pointer("/content/application~1json/schema").map(kind).unwrap_or_default();
        let about = escape(text(response, "/description"));
        let _ =
            write!(out, "<tr><td>{}</td><td>{schema}</td><td>{about}</td></tr>", escape(status));
    }
    out.push_str("</table></details>");
}

fn schemas_into(out: &mut String, document: &Value) {
    out.push_str("<h2>Shapes</h2>");
    for (name, schema) in entries(document.pointer("/components/schemas")) {
        let (name, about) = (escape(name), escape(text(schema, "/description")));
        let _ = write!(
            out,
            "<details id=\"{name}\"><summary><code>{name}</code></summary><p>{about}</p><table>"
        );
        for (field, of) in entries(schema.get("properties")) {
            let (field, about) = (escape(field), escape(text(of, "/description")));
            let _ = write!(
                out,
                "<tr><td><code>{field}</code></td><td>{}</td><td>{about}</td></tr>",
                kind(of)
            );
        }
        out.push_str("</table></details>");
    }
}

/// A schema in a few words, with links to named ones.
fn kind(schema: &Value) -> String {
    if let Some(name) = text(schema, "/$ref").strip_prefix("#/components/schemas/") {
        let name = escape(name);
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    let parts: Vec<String> = ["oneOf", "allOf", "anyOf"]
        .iter()
        .flat_map(|key| list(schema.get(*key)))
        .map(kind)
        .collect();
    if !parts.is_empty() {
        return parts.join(" or ");
    }
    let own = match schema.get("type") {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Array(words)) => {
            words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    };
    match schema.get("items") {
        Some(items) => format!("{} of {}", escape(&own), kind(items)),
        None => escape(&own),
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// A word that no page of anybody else can guess, for the styles of one answer.
pub(crate) fn nonce(env: &whatsapp_core::Env) -> String {
    env.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
