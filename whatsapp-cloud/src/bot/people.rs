//! Whose changes belong together: everything of one person, by whichever of their handles it is told.

use std::collections::HashMap;

use crate::webhook::{Change, Inbound};

/// The changes of each person in the order they came. Who is told by number once and by business-scoped id another
/// time is one person as soon as one change names both. What is about nobody stands together as well.
pub(super) fn by_person(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut groups: HashMap<usize, Vec<(usize, Change)>> = HashMap::new();
    let mut of: HashMap<String, usize> = HashMap::new();
    for (place, change) in changes.into_iter().enumerate() {
        let own = handles(&change);
        let mut known: Vec<usize> =
            own.iter().filter_map(|handle| of.get(handle).copied()).collect();
        known.dedup();
        let home = known.first().copied().unwrap_or(place);
        for other in known.into_iter().skip(1) {
            let moved = groups.remove(&other).unwrap_or_default();
            let theirs = moved.iter().flat_map(|(_, change)| handles(change));
            of.extend(theirs.map(|handle| (handle, home)));
            groups.entry(home).or_default().extend(moved);
        }
        of.extend(own.into_iter().map(|handle| (handle, home)));
        groups.entry(home).or_default().push((place, change));
    }
    let mut all: Vec<_> = groups.into_values().collect();
    for group in &mut all {
        group.sort_by_key(|(place, _)| *place);
    }
    all.sort_by_key(|group| group.first().map(|(place, _)| *place));
    all.into_iter().map(|group| group.into_iter().map(|(_, change)| change).collect()).collect()
}

fn handles(change: &Change) -> Vec<String> {
    let who = match &change.inbound {
        Inbound::Message(message) => &message.identity,
        Inbound::Status(status) => &status.recipient,
        _ => return vec![String::new()],
    };
    let phone = who.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let all: Vec<String> = phone.into_iter().chain(who.bsuid.clone()).collect();
    if all.is_empty() { vec![String::new()] } else { all }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use whatsapp_core::Timestamp;

    use super::*;
    use crate::webhook::parse;

    fn grouped(messages: &Value) -> Vec<Vec<String>> {
        let body = json!({"entry": [{"id": "1", "changes": [
            {"field": "messages", "value": {"messages": messages}}]}]});
        let changes = parse(body.to_string().as_bytes(), Timestamp::ZERO).expect("reads");
        let wamid = |change: &Change| match &change.inbound {
            Inbound::Message(message) => message.wamid.clone(),
            other => panic!("{other:?}"),
        };
        by_person(changes).iter().map(|group| group.iter().map(wamid).collect()).collect()
    }

    #[test]
    fn a_person_is_one_by_number_by_id_and_by_both() {
        let from = |id: &str, phone: Option<&str>, user: Option<&str>| {
            json!({"id": id, "from": phone,
            "from_user_id": user, "type": "text", "text": {"body": "x"}})
        };
        let (ana, bia) = (Some("5511981234567"), Some("5511981234568"));
        let told = grouped(&json!([
            from("1", ana, None),
            from("2", None, Some("BR.1")),
            from("3", bia, Some("BR.2")),
            from("4", ana, Some("BR.1")),
            from("5", None, Some("BR.2")),
            from("6", None, Some("BR.1")),
        ]));
        assert_eq!(told, [vec!["1", "2", "4", "6"], vec!["3", "5"]]);
    }
}
