//! Messages into groups and out of them.

use serde_json::{Value, json};
use whatsapp_cloud::api::{GroupApi, NewGroup};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::webhook::Inbound;
use whatsapp_cloud::{CloudError, Messaging, OutgoingMessage, Recipient};
use whatsapp_core::{Content, Span};

use crate::scene::*;

const BIA: &str = "+5511981234568";
const CAIO: &str = "+5511981234569";

impl Scene {
    /// A group of the first number with these people in it.
    async fn group(&self, people: &[&str]) -> String {
        let access = self.number(0);
        self.meta.create_group(&access, &NewGroup::new("Hike")).await.expect("asks");
        self.clock.advance(Span::seconds(3));
        let id = self.meta.groups(&access, None).await.expect("lists").items.remove(0).id;
        for who in people {
            self.meta.join_group(&id, who, false).expect("joins");
        }
        self.raw();
        id
    }
    fn write_into(&self, group: &str, from: &str) -> Result<String, CloudError> {
        let act = json!({"from": from, "group_id": group, "text": {"body": "When do we meet?"}});
        self.meta.inbound(act)
    }
    async fn say_into(&self, group: &str) -> Result<Value, CloudError> {
        let message = json!({
            "messaging_product": "whatsapp", "recipient_type": "group", "to": group,
            "type": "text", "text": {"body": "See you at 9"}, "biz_opaque_callback_data": "row-1",
        });
        self.post_by(0, message).await
    }
    async fn post_by(&self, number: usize, message: Value) -> Result<Value, CloudError> {
        let access = self.number(number);
        let path = [access.phone_number_id.as_str(), "messages"];
        let request = GraphRequest::post(&access.token, path, message);
        self.meta.exchange(request).await.map(|answer| answer.body)
    }
    /// All statuses that are still to come.
    fn group_statuses(&self) -> Vec<Value> {
        let of = |(_, value): (String, Value)| value.get("statuses")?.as_array().cloned();
        self.raw().into_iter().filter_map(of).flatten().collect()
    }
}

fn count(all: &[Value], status: &str, who: Option<&str>) -> usize {
    let who = who.map(|who| json!(who.trim_start_matches('+')));
    let fits = |item: &&Value| {
        item["status"] == status && item.get("recipient_participant_id") == who.as_ref()
    };
    all.iter().filter(fits).count()
}

#[tokio::test]
async fn a_message_to_a_group_is_sent_once_and_delivered_and_read_by_each_member() {
    let scene = scene();
    let group = scene.group(&[ANA, BIA]).await;
    scene.write_into(&group, ANA).expect("writes");
    let (_, told) = scene.raw().remove(0);
    let message = &told["messages"][0];
    assert_eq!(
        (&message["group_id"], &message["from"]),
        (&json!(group), &json!(ANA.trim_start_matches('+')))
    );
    let answer = scene.say_into(&group).await.expect("accepted");
    assert_eq!(answer["contacts"][0], json!({"input": group, "wa_id": group}));
    assert_eq!(answer["messages"][0]["group_id"], group.as_str());
    let all = scene.group_statuses();
    for item in &all {
        assert_eq!(
            (&item["recipient_id"], &item["recipient_type"]),
            (&json!(group), &json!("group"))
        );
        assert_eq!(item["id"], answer["messages"][0]["id"]);
        assert_eq!(item["biz_opaque_callback_data"], "row-1");
    }
    assert_eq!(count(&all, "sent", None), 1);
    for who in [ANA, BIA] {
        assert_eq!((count(&all, "delivered", Some(who)), count(&all, "read", Some(who))), (1, 1));
    }
    assert_eq!(all.len(), 5);
    assert_eq!(all[0]["pricing"]["category"], "group_service");
}

#[tokio::test]
async fn our_own_client_writes_into_a_group_and_reads_its_statuses() {
    let scene = scene();
    let group = scene.group(&[ANA]).await;
    scene.write_into(&group, ANA).expect("writes");
    assert!(matches!(&scene.told()[..], [Inbound::GroupMessage(_)]));
    let message = OutgoingMessage::new(Recipient::Group(group.clone()), Content::text("At nine"));
    let sent = scene.meta.send(&scene.number(0), &message).await.expect("accepted");
    let told = scene.told();
    assert_eq!(told.len(), 3);
    for inbound in told {
        let Inbound::GroupStatus(status) = inbound else { panic!("{inbound:?}") };
        assert_eq!(
            (&status.wamid, status.group_id.as_deref()),
            (&sent.wamid, Some(group.as_str()))
        );
    }
}

#[tokio::test]
async fn whose_phone_is_off_gets_it_later_and_who_blocked_the_business_never() {
    let scene = scene();
    let group = scene.group(&[ANA, BIA, CAIO]).await;
    scene.write_into(&group, ANA).expect("writes");
    scene.raw();
    scene.meta.change_person(BIA, json!({"off": true})).expect("off");
    scene.meta.block_business(CAIO, true).expect("blocks");
    scene.say_into(&group).await.expect("accepted");
    let all = scene.group_statuses();
    assert_eq!((count(&all, "delivered", Some(ANA)), all.len()), (1, 3));
    scene.meta.change_person(BIA, json!({"off": false})).expect("on");
    let all = scene.group_statuses();
    assert_eq!((count(&all, "sent", None), count(&all, "delivered", Some(BIA))), (0, 1));
}

#[tokio::test]
async fn a_groups_window_is_its_own_and_strangers_and_other_numbers_are_refused() {
    let scene = scene();
    let group = scene.group(&[ANA]).await;
    scene.meta.write(ANA, "Only to you").expect("writes");
    scene.raw();
    scene.say_into(&group).await.expect("accepted");
    assert_eq!(scene.group_statuses()[0]["errors"][0]["code"], 131_047, "nobody wrote into it");
    assert!(scene.write_into(&group, BIA).is_err(), "she is not in it");
    assert!(scene.write_into("nowhere", ANA).is_err());
    let unknown = scene.say_into("Y2FwaV9ncm91cDox").await.expect_err("no such group");
    assert_eq!(code(&unknown), 131_020);
    let message = json!({
        "messaging_product": "whatsapp", "recipient_type": "group", "to": group,
        "text": {"body": "Hi"},
    });
    let other = scene.post_by(1, message.clone()).await.expect_err("not its group");
    assert_eq!(code(&other), 131_020);
    let mut reaction = message;
    reaction["type"] = json!("reaction");
    reaction["reaction"] = json!({"message_id": "wamid.x", "emoji": "👍"});
    assert!(scene.post_by(0, reaction).await.is_err(), "a group takes no reactions");
}
