//! Values as Meta's parameters, by the kind of their component. Never asks for a value.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::limits::{COUPON_MAX, PAYLOAD_MAX, PRODUCTS_MAX, SECTIONS_MAX};
use super::slot::{Kind, Part, word};
use super::wrong;
use crate::{Error, Timestamp};

/// Whether a value has the form of its kind.
pub(super) fn check(key: &str, kind: Kind, value: &str) -> Result<(), Error> {
    if kind != Kind::Object && (value.contains(['\n', '\r', '\t']) || value.contains("     ")) {
        let why = "values may not have line breaks, tabs or more than four spaces in a row";
        return Err(wrong(key, why));
    }
    let count = value.chars().count();
    let problem = match kind {
        Kind::Text => None,
        Kind::Link => (!value.starts_with("https://") && !value.starts_with("http://"))
            .then(|| "this must be a web address that begins with https://".to_owned()),
        Kind::Degrees { most } => {
            let good = value.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= f64::from(most));
            (!good).then(|| format!("this must be a number from -{most} to {most}"))
        }
        Kind::Moment => moment_ms(value).is_none().then(|| {
            "this must be a moment: milliseconds since 1970, or like 2026-09-22T18:00:00Z"
                .to_owned()
        }),
        Kind::Coupon => (count > COUPON_MAX).then(|| {
            format!("a coupon code has at most {COUPON_MAX} characters; this has {count}")
        }),
        Kind::Payload => (count > PAYLOAD_MAX)
            .then(|| format!("a payload has at most {PAYLOAD_MAX} characters; this has {count}")),
        Kind::Products => sections(value).err(),
        Kind::Object => {
            let object = serde_json::from_str::<Map<String, Value>>(value);
            object.is_err().then(|| "this must be a JSON object".to_owned())
        }
        Kind::Minutes => {
            let good = value.parse::<u32>().is_ok_and(|minutes| minutes > 0);
            (!good).then(|| "this must be a whole number of minutes".to_owned())
        }
    };
    problem.map_or(Ok(()), |why| Err(wrong(key, why)))
}

fn moment_ms(value: &str) -> Option<i64> {
    if let Ok(ms) = value.parse::<i64>() {
        return (ms > 0).then_some(ms);
    }
    Timestamp::parse_rfc3339(value).map(|at| at.micros().div_euclid(1_000))
}

/// `Tents: SKU-1, SKU-2; Pegs: SKU-3` as Meta's sections. One section needs no title.
fn sections(value: &str) -> Result<Vec<Value>, String> {
    let mut all = Vec::new();
    let mut products = 0;
    let parts: Vec<&str> = value.split(';').map(str::trim).filter(|p| !p.is_empty()).collect();
    for part in &parts {
        let (title, ids) = part.split_once(':').unwrap_or(("", part));
        let items: Vec<Value> = ids
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(|id| json!({"product_retailer_id": id}))
            .collect();
        products += items.len();
        if items.is_empty() || (parts.len() > 1 && title.trim().is_empty()) {
            return Err("write products as: Tents: SKU-1, SKU-2; Pegs: SKU-3".to_owned());
        }
        let title = Some(title.trim()).filter(|title| !title.is_empty()).unwrap_or("Products");
        all.push(json!({"title": title, "product_items": items}));
    }
    if all.is_empty() || all.len() > SECTIONS_MAX || products > PRODUCTS_MAX {
        return Err(format!("1 to {PRODUCTS_MAX} products in at most {SECTIONS_MAX} sections"));
    }
    Ok(all)
}

/// The values, all of the right form.
pub(super) struct Given {
    values: BTreeMap<String, String>,
    named: bool,
}

impl Given {
    pub(super) const fn new(values: BTreeMap<String, String>, named: bool) -> Self {
        Self { values, named }
    }
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }
    pub(super) fn header(&self, part: &Part<'_>) -> Option<Value> {
        let format = part.format();
        let get = |end: &str| self.get(&part.key(&format!("header.{end}")));
        let object = match format.as_str() {
            "text" => return self.texts(part, "header"),
            "image" | "video" | "gif" | "document" => {
                let mut object = json!({"link": get("media")?});
                if let (Some(name), Some(map)) = (get("filename"), object.as_object_mut()) {
                    map.insert("filename".into(), json!(name));
                }
                object
            }
            "location" => {
                let mut object =
                    json!({"latitude": get("latitude")?, "longitude": get("longitude")?});
                for key in ["name", "address"] {
                    if let (Some(text), Some(map)) = (get(key), object.as_object_mut()) {
                        map.insert(key.into(), json!(text));
                    }
                }
                object
            }
            "product" => {
                json!({"product_retailer_id": get("product")?, "catalog_id": get("catalog")?})
            }
            _ => return None,
        };
        let parameter = json!({"type": format, (format.as_str()): object});
        Some(json!({"type": "header", "parameters": [parameter]}))
    }
    pub(super) fn body(&self, part: &Part<'_>) -> Option<Value> {
        self.texts(part, "body")
    }
    fn texts(&self, part: &Part<'_>, component: &'static str) -> Option<Value> {
        let slots = part.texts(component).into_iter();
        let parameters: Vec<Value> = slots
            .filter_map(|slot| {
                let text = self.get(&slot.variable.key)?;
                Some(if self.named {
                    json!({"type": "text", "parameter_name": slot.variable.name, "text": text})
                } else {
                    json!({"type": "text", "text": text})
                })
            })
            .collect();
        (!parameters.is_empty()).then(|| json!({"type": component, "parameters": parameters}))
    }
    pub(super) fn offer(&self, part: &Part<'_>) -> Result<Option<Value>, Error> {
        let key = part.key("offer.expires_at");
        let Some(text) = self.get(&key).filter(|_| part.offer_ends()) else { return Ok(None) };
        let ms = moment_ms(text).ok_or_else(|| wrong(&key, "this must be a moment"))?;
        let parameter =
            json!({"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": ms}});
        Ok(Some(json!({"type": "limited_time_offer", "parameters": [parameter]})))
    }
    pub(super) fn buttons(&self, part: &Part<'_>) -> Result<Vec<Value>, Error> {
        let mut all = Vec::new();
        for (index, button) in part.buttons() {
            if let Some((sub_type, parameter)) = self.button(part, index, button)? {
                all.push(json!({
                    "type": "button", "sub_type": sub_type, "index": index.to_string(),
                    "parameters": [parameter],
                }));
            }
        }
        Ok(all)
    }
    fn button(
        &self,
        part: &Part<'_>,
        index: usize,
        button: &Value,
    ) -> Result<Option<(&'static str, Value)>, Error> {
        let key = part.key(&format!("button.{index}"));
        let value = self.get(&key);
        if part.takes_code(button) {
            return self
                .code(part, &key)
                .map(|text| Some(("url", json!({"type": "text", "text": text}))));
        }
        let action = |action: Value| json!({"type": "action", "action": action});
        Ok(match word(button, "type").as_str() {
            "quick_reply" => {
                value.map(|payload| ("quick_reply", json!({"type": "payload", "payload": payload})))
            }
            "copy_code" => {
                value.map(|code| ("copy_code", json!({"type": "coupon_code", "coupon_code": code})))
            }
            "flow" => Some(("flow", action(self.flow(&key)?))),
            "catalog" => value.map(|product| {
                ("catalog", action(json!({"thumbnail_product_retailer_id": product})))
            }),
            "mpm" => Some(("mpm", action(self.products(&key)?))),
            "voice_call" => value.and_then(|minutes| minutes.parse::<u32>().ok()).map(|minutes| {
                ("voice_call", json!({"type": "ttl_minutes", "ttl_minutes": minutes}))
            }),
            _ => value.map(|end| ("url", json!({"type": "text", "text": end}))),
        })
    }
    /// The one-time code: Meta wants it in the body and in the button.
    fn code(&self, part: &Part<'_>, key: &str) -> Result<&str, Error> {
        let body = self.get(&part.key("body.1")).unwrap_or_default();
        match self.get(key) {
            Some(other) if !body.is_empty() && other != body => {
                Err(wrong(key, "the button takes the code that the text has"))
            }
            Some(code) => Ok(code),
            None => Ok(body),
        }
    }
    fn flow(&self, key: &str) -> Result<Value, Error> {
        // Meta's own word where a business does not need the token.
        let mut action = json!({"flow_token": self.get(key).unwrap_or("unused")});
        let data_key = format!("{key}.data");
        if let (Some(text), Some(map)) = (self.get(&data_key), action.as_object_mut()) {
            let data: Value = serde_json::from_str(text)
                .map_err(|_| wrong(&data_key, "this must be a JSON object"))?;
            map.insert("flow_action_data".into(), data);
        }
        Ok(action)
    }
    fn products(&self, key: &str) -> Result<Value, Error> {
        let sections =
            sections(self.get(key).unwrap_or_default()).map_err(|why| wrong(key, why))?;
        let first =
            sections.first().and_then(|s| s.pointer("/product_items/0/product_retailer_id"));
        let thumbnail = self.get(&format!("{key}.thumbnail")).map(Value::from).or(first.cloned());
        Ok(json!({"thumbnail_product_retailer_id": thumbnail, "sections": sections}))
    }
}
