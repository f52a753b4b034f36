//! Many calls in one request. Each part stands alone: one may fail while the others are carried out.

use serde_json::{Value, json};
use whatsapp_core::Secret;

use crate::answer::{read_answer, unreadable};
use crate::error::CloudError;
use crate::transport::{GraphRequest, Payload, Transport, Verb};

/// Meta takes so many at once.
pub const BATCH_MAX: usize = 50;

/// Carries out up to 50 calls in one request, and gives what came of each, in their order. Files cannot go this
/// way. A message in a batch is as little to be repeated as one alone.
///
/// Meta's page: <https://developers.facebook.com/docs/graph-api/batch-requests>.
///
/// ```
/// # #[cfg(feature = "testing")] {
/// # let done = async {
/// use whatsapp_cloud::{batch, simulator::Simulator, transport::GraphRequest};
/// use whatsapp_core::Env;
///
/// let meta = Simulator::new(7, Env::system());
/// let access = meta.access(0).expect("a number");
/// let both = [
///     GraphRequest::get(&access.token, [access.phone_number_id.as_str()]),
///     GraphRequest::get(&access.token, ["1"]),
/// ];
/// let came = batch(&meta, &access.token, &both).await?;
/// assert!(came[0].is_ok() && came[1].is_err());
/// # Ok::<(), whatsapp_cloud::CloudError>(()) };
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(done).unwrap();
/// # }
/// ```
///
/// # Errors
/// [`CloudError::Invalid`] for none or more than 50 calls or one with a file; else of the request as a whole.
pub async fn batch<T: Transport + ?Sized>(
    meta: &T,
    token: &Secret,
    calls: &[GraphRequest],
) -> Result<Vec<Result<Value, CloudError>>, CloudError> {
    if !(1..=BATCH_MAX).contains(&calls.len()) {
        let message = format!("1 to {BATCH_MAX} calls go into a batch; these are {}", calls.len());
        return Err(CloudError::invalid("batch", message));
    }
    let parts = calls.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let body = json!({"batch": parts, "include_headers": false});
    let answer = meta.exchange(GraphRequest::post(token, [], body)).await?.body;
    let rows = answer.as_array().filter(|rows| rows.len() == calls.len());
    let rows = rows.ok_or_else(|| unreadable("another number of answers than calls"))?;
    Ok(rows.iter().map(read).collect())
}

fn part(call: &GraphRequest) -> Result<Value, CloudError> {
    let mut url = url::form_urlencoded::Serializer::new(String::new());
    url.extend_pairs(&call.query);
    let query = url.finish();
    call.check_path()?;
    let steps: Vec<_> = call.path.iter().map(|step| escaped(step)).collect();
    let path = steps.join("/");
    let relative = if query.is_empty() { path } else { format!("{path}?{query}") };
    let method = match call.verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Delete => "DELETE",
    };
    let mut part = json!({"method": method, "relative_url": relative});
    match &call.payload {
        Payload::Empty => {}
        Payload::Json(body) => {
            let form = form_of(body);
            part.as_object_mut().map(|part| part.insert("body".into(), Value::from(form)));
        }
        Payload::Form { .. } | Payload::Part { .. } => {
            return Err(CloudError::invalid("batch", "a file cannot go in a batch"));
        }
    }
    Ok(part)
}

/// A step of a path as it stands in an address.
fn escaped(step: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:=+@!$'()*,;&".contains(&b);
    let mut out = String::with_capacity(step.len());
    for byte in step.bytes() {
        match plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A part's body is a form; what is not a plain text is written as JSON in it.
fn form_of(body: &Value) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in body.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => form.append_pair(key, text),
            other => form.append_pair(key, &other.to_string()),
        };
    }
    form.finish()
}

/// `null` stands for a part that ran into the time limit: nobody knows what became of it.
fn read(row: &Value) -> Result<Value, CloudError> {
    let status = row.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let body = row.get("body").and_then(Value::as_str);
    match (status, body) {
        (Some(status), Some(body)) => read_answer(status, None, body.as_bytes()),
        _ => Err(unreadable("no answer to a part of a batch")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_lead_a_part_elsewhere() {
        let token = Secret::from("t");
        for bad in ["../1", "1?method=delete", "1/2", ""] {
            assert!(part(&GraphRequest::get(&token, ["1", bad])).is_err(), "{bad}");
        }
        let odd = part(&GraphRequest::get(&token, ["1", "a%2Fé"]).query("q", "a&b"));
        assert_eq!(odd.expect("is written")["relative_url"], "1/a%252F%C3%A9?q=a%26b");
    }
}
