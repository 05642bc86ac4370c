//! What was sent, as the base keeps it: an object of names and values, a list where a name came several times; the text
//! itself where it could not be read.

use serde_json::{Map, Value as Json};

use super::Pairs;

/// Names and values as JSON text.
pub fn of_pairs(pairs: &Pairs) -> String {
    let mut object: Map<String, Json> = Map::new();
    for (name, value) in pairs {
        let value = Json::String(value.clone());
        match object.get_mut(name) {
            None => {
                object.insert(name.clone(), value);
            }
            Some(Json::Array(several)) => several.push(value),
            Some(one) => *one = Json::Array(vec![one.take(), value]),
        }
    }
    Json::Object(object).to_string()
}

/// What could not be read, as JSON text.
pub fn of_raw(text: &str) -> String {
    Json::String(text.to_owned()).to_string()
}

/// The names and values of a payload; none for what could not be read.
pub fn pairs(text: &str) -> Option<Pairs> {
    let Ok(Json::Object(object)) = serde_json::from_str(text) else {
        return None;
    };
    let mut pairs = Pairs::new();
    for (name, value) in object {
        match value {
            Json::String(value) => pairs.push((name, value)),
            Json::Array(several) => pairs.extend(several.into_iter().filter_map(|one| match one {
                Json::String(value) => Some((name.clone(), value)),
                _ => None,
            })),
            _ => {}
        }
    }
    Some(pairs)
}

/// What is wrong with a submission, as JSON text; empty for nothing.
pub fn of_errors(errors: &[(String, String)]) -> String {
    if errors.is_empty() {
        return String::new();
    }
    errors_json(errors).to_string()
}

/// What is wrong with a submission, as programs read it; what is no fault of a field has none.
pub fn errors_json(errors: &[(String, String)]) -> Json {
    let field = |field: &String| (!field.is_empty()).then(|| field.clone());
    let one = |(name, reason): &(String, String)| serde_json::json!({"field": field(name), "reason": reason});
    Json::Array(errors.iter().map(one).collect())
}

/// The fields at fault and the reasons, out of JSON text.
pub fn errors(text: &str) -> Vec<(String, String)> {
    let Ok(Json::Array(items)) = serde_json::from_str(text) else {
        return Vec::new();
    };
    let part = |item: &Json, key: &str| {
        item.get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    items
        .iter()
        .map(|item| (part(item, "field"), part(item, "reason")))
        .collect()
}
