//! The life of a template, in process and over HTTP: handed in, looked at, approved, sent, disliked, paused, taken
//! up again, changed, deleted, and its name locked.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::{Faults, TemplateReview};
use whatsapp_cloud::template::{
    Authentication, AuthenticationUpsert, Body, Button, Header, LibraryButtonInput, LibraryDraft,
    LibraryFilter, PreviewQuery, TemplateDraft, TemplateEdit, TemplateFilter,
};
use whatsapp_cloud::transport::{GraphRequest, Transport, Verb};
use whatsapp_cloud::webhook::{Inbound, parse};
use whatsapp_cloud::{Access, CloudError, TemplateAdminApi, Upload, UploadApi, Uploaded};
use whatsapp_core::{Content, Id, Span, Template, TemplateStatus, Timestamp};

use crate::scene::*;
use crate::wire;

pub(crate) fn draft(name: &str) -> TemplateDraft {
    TemplateDraft::utility(name, "en_US")
        .body(Body::new("Hello {{1}}, the parcel has left us.").samples(["Ana"]))
        .buttons([Button::quick_reply("Thanks"), Button::quick_reply("Stop")])
}

/// A world that tells at once, in the order of what happens.
fn prompt() -> Scene {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.delay_ms = [0, 0];
    scene.meta.set_faults(faults);
    scene
}

fn sample() -> Upload {
    Upload { bytes: vec![7; 1_000].into(), mime: "image/png".into(), filename: "a.png".into() }
}

impl Scene {
    pub(crate) fn account(&self) -> Access {
        self.meta.access(0).expect("a number")
    }
    /// Lets time pass and gives what is told of templates meanwhile.
    pub(crate) fn pass(&self, span: Span) -> Vec<Value> {
        self.clock.advance(span);
        let mut all = Vec::new();
        for call in self.meta.take_webhooks() {
            let body: Value = serde_json::from_slice(&call.body).expect("JSON");
            let list = |of: &Value, key: &str| of.get(key).and_then(Value::as_array).cloned();
            for entry in list(&body, "entry").expect("entries") {
                let changes = list(&entry, "changes").expect("changes");
                let other = |c: &Value| c.get("field").is_some_and(|field| field != "messages");
                all.extend(changes.into_iter().filter(other));
            }
            parse(&call.body, self.env.now()).expect("the reader understands it");
        }
        all
    }
    pub(crate) async fn state(&self, id: &str) -> TemplateStatus {
        self.meta.get_template(&self.account(), id).await.expect("is there").status
    }
    pub(crate) async fn send_template(&self, id: &str) -> Result<String, CloudError> {
        let remote = self.meta.get_template(&self.account(), id).await?;
        let filled = self.noun(remote).fill(&values(&[("1", "Ana")]), None).expect("fills");
        Ok(self.send_to(ANA, Content::Template(filled)).await?.wamid)
    }
    pub(crate) fn noun(&self, remote: whatsapp_cloud::RemoteTemplate) -> Template {
        remote.into_template(Id::from_uuid(Default::default()), &self.env)
    }
}

fn events(told: &[Value]) -> Vec<&str> {
    let word = |change: &'_ Value| change.pointer("/value/event").is_some();
    let path = |change| if word(change) { "/value/event" } else { "/field" };
    told.iter().filter_map(|change| change.pointer(path(change))?.as_str()).collect()
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, CloudError>) -> (i64, Option<i64>) {
    let error = result.expect_err("refused");
    let provider = error.provider().unwrap_or_else(|| panic!("{error:?}"));
    (provider.code, provider.subcode)
}

#[tokio::test]
async fn a_template_is_approved_sent_paused_taken_up_again_changed_deleted_and_its_name_locked() {
    let scene = prompt();
    let access = scene.account();
    let made = scene.meta.create_template(&access, &draft("parcel")).await.expect("taken");
    assert_eq!(made.status, TemplateStatus::Pending);
    assert_eq!(refusal(scene.send_template(&made.id).await).0, 132_001);
    let told = scene.pass(Span::seconds(11));
    assert_eq!(events(&told), ["APPROVED"]);
    let id: u64 = made.id.parse().expect("a number");
    assert_eq!(told[0]["value"]["message_template_id"], json!(id), "an integer, as Meta writes it");
    scene.send_template(&made.id).await.expect("accepted");

    let decide = |what: Value| scene.meta.decide_template(&made.id, what).expect("understood");
    decide(json!({"quality": "GREEN"}));
    decide(json!({"quality": "YELLOW"}));
    decide(json!({"quality": "RED"}));
    let told = scene.pass(Span::seconds(1));
    let quality = "message_template_quality_update";
    assert_eq!(events(&told), [quality, quality, quality, "PAUSED"]);
    assert_eq!(told[2]["value"]["previous_quality_score"], "YELLOW");
    assert_eq!(told[3]["value"]["other_info"]["title"], "FIRST_PAUSE");
    assert_eq!(refusal(scene.send_template(&made.id).await).0, 132_015);
    assert!(scene.pass(Span::hours(2)).is_empty(), "it lasts three hours");
    assert_eq!(events(&scene.pass(Span::hours(1))), ["REINSTATED"]);
    scene.send_template(&made.id).await.expect("accepted again");

    decide(json!({"quality": "RED"}));
    assert_eq!(events(&scene.pass(Span::seconds(1))), ["PAUSED"]);
    let lifted = scene.meta.unpause_template(&access, &made.id).await.expect("asked");
    assert!(lifted.success);
    assert_eq!(events(&scene.pass(Span::seconds(1))), ["REINSTATED"]);
    assert!(scene.pass(Span::hours(7)).is_empty(), "the planned end of the pause was taken back");

    let new = draft("parcel").footer("Your shop");
    let edit = TemplateEdit::parts_of(new);
    scene.meta.edit_template(&access, &made.id, &edit).await.expect("changed");
    assert_eq!(scene.state(&made.id).await, TemplateStatus::Pending);
    let told = scene.pass(Span::seconds(11));
    assert_eq!(events(&told), ["APPROVED", "message_template_components_update"]);
    assert_eq!(told[1]["value"]["message_template_footer"], "Your shop");
    let again = scene.meta.edit_template(&access, &made.id, &edit).await;
    assert_eq!(refusal(again), (100, Some(2_388_039)), "once in 24 hours");

    scene.meta.delete_template(&access, &made.id, "parcel").await.expect("deleted");
    assert_eq!(events(&scene.pass(Span::seconds(1))), ["PENDING_DELETION"]);
    assert!(scene.meta.get_template(&access, &made.id).await.is_err());
    let locked = scene.meta.create_template(&access, &draft("parcel")).await;
    assert_eq!(refusal(locked), (100, Some(2_388_023)));
    scene.pass(Span::days(30));
    scene.meta.create_template(&access, &draft("parcel")).await.expect("free again");
}

#[tokio::test]
async fn the_third_time_is_for_good() {
    let scene = prompt();
    let id =
        scene.meta.create_template(&scene.account(), &draft("parcel")).await.expect("taken").id;
    scene.pass(Span::minutes(1));
    let mut seen = Vec::new();
    for _ in 0..3 {
        scene.meta.decide_template(&id, json!({"quality": "RED"})).expect("understood");
        let told = scene.pass(Span::seconds(1));
        seen.push(told.last().expect("told")["value"]["other_info"]["title"].clone());
        scene.pass(Span::hours(6));
    }
    assert_eq!(seen, ["FIRST_PAUSE", "SECOND_PAUSE", "DISABLED"]);
    assert_eq!(refusal(scene.send_template(&id).await).0, 132_016);
    let access = scene.account();
    let kept = scene.meta.delete_template_by_name(&access, "parcel").await;
    assert_eq!(refusal(kept), (100, Some(2_388_039)), "disabled ones cannot be deleted");
    assert_eq!(
        refusal(
            scene.meta.edit_template(&access, &id, &TemplateEdit::parts_of(draft("parcel"))).await
        )
        .0,
        100
    );
}

#[tokio::test]
async fn meta_judges_by_rule_or_leaves_it_to_somebody() {
    let scene = scene();
    let access = scene.account();
    let sale =
        TemplateDraft::utility("autumn", "en_US").body(Body::new("Our autumn sale has begun."));
    let made = scene.meta.create_template(&access, &sale).await.expect("taken");
    let category = made.category.expect("a category").as_str();
    assert_eq!(category, "marketing", "what sells is no utility");

    let mut faults = Faults::default();
    faults.templates = TemplateReview::default().rejecting("casino");
    scene.meta.set_faults(faults);
    let casino = TemplateDraft::utility("luck", "en_US").body(Body::new("Your Casino is open."));
    let id = scene.meta.create_template(&access, &casino).await.expect("taken").id;
    let twin = draft("twin");
    let first = scene.meta.create_template(&access, &draft("first")).await.expect("taken").id;
    let second = scene.meta.create_template(&access, &twin).await.expect("taken").id;
    let told = scene.pass(Span::minutes(1));
    let reason = |id: &str| {
        let id: u64 = id.parse().expect("a number");
        let own = |c: &&Value| c["value"]["message_template_id"] == id;
        told.iter().find(own).expect("told")["value"]["reason"].clone()
    };
    assert_eq!(reason(&id), "ABUSIVE_CONTENT");
    assert_eq!(reason(&first), "NONE");
    assert_eq!(reason(&second), "INVALID_FORMAT", "the same text under another name");

    let mut faults = Faults::default();
    faults.templates = TemplateReview::by_hand();
    scene.meta.set_faults(faults);
    let other = TemplateDraft::utility("other", "en_US").body(Body::new("We are open tomorrow."));
    let waits = scene.meta.create_template(&access, &other).await.expect("taken").id;
    assert!(scene.pass(Span::days(1)).is_empty());
    let word = json!({"status": "REJECTED", "reason": "SCAM"});
    scene.meta.decide_template(&waits, word).expect("understood");
    scene.pass(Span::seconds(1));
    let rejected = scene.meta.get_template(&access, &waits).await.expect("is there");
    assert_eq!(rejected.rejected_reason.as_deref(), Some("SCAM"));
}

#[tokio::test]
async fn a_category_changes_at_once_or_after_it_was_told() {
    let scene = prompt();
    let access = scene.account();
    let id = scene.meta.create_template(&access, &draft("parcel")).await.expect("taken").id;
    scene.pass(Span::minutes(1));
    let soon = json!({"category": "MARKETING", "in_seconds": 86_400});
    scene.meta.decide_template(&id, soon).expect("understood");
    let told = scene.pass(Span::seconds(1));
    assert_eq!(told[0]["value"]["correct_category"], "MARKETING");
    assert_eq!(told[0]["value"]["new_category"], "UTILITY", "Meta calls the present one new");
    let marked = scene.meta.get_template(&access, &id).await.expect("is there");
    assert_eq!(marked.correct_category.map(|c| c.as_str()), Some("marketing"));
    assert_eq!(marked.category.as_str(), "utility");
    let told = scene.pass(Span::days(1));
    assert_eq!(told[0]["value"]["previous_category"], "UTILITY");
    let changed = scene.meta.get_template(&access, &id).await.expect("is there");
    assert_eq!(changed.category.as_str(), "marketing");
    assert_eq!(changed.previous_category.map(|c| c.as_str()), Some("utility"));
}

#[tokio::test]
async fn a_template_tells_whether_it_can_be_sent() {
    let scene = scene();
    let (access, id) = (scene.account(), scene.template("store_hours").await.meta_id);
    for (status, word) in [("PAUSED", "BLOCKED"), ("APPROVED", "AVAILABLE")] {
        scene.meta.review_template(&id, status, "NONE").expect("is there");
        let read = scene.meta.get_template(&access, &id).await.expect("is there");
        assert_eq!(read.can_send_message.as_deref(), Some(word), "{status}");
        let own = &read.raw["health_status"]["entities"][0];
        assert_eq!((&own["entity_type"], &own["id"]), (&json!("MESSAGE_TEMPLATE"), &json!(id)));
        assert_eq!(own["errors"][0]["error_code"].as_i64(), (word == "BLOCKED").then_some(132_015));
    }
}

#[tokio::test]
async fn names_are_there_once_and_lists_are_filtered_and_paged() {
    let scene = scene();
    let access = scene.account();
    scene.meta.create_template(&access, &draft("parcel")).await.expect("taken");
    let twice = scene.meta.create_template(&access, &draft("parcel")).await;
    assert_eq!(refusal(twice), (100, Some(2_388_024)));
    let pending = TemplateFilter::all().status("PENDING").limit(1);
    let all = scene.meta.all_templates(&access, &pending).await.expect("lists");
    assert!(all.len() >= 2 && all.iter().all(|t| t.status == TemplateStatus::Pending));
    let words = TemplateFilter::all().search("parcel has left");
    let found = scene.meta.all_templates(&access, &words).await.expect("lists");
    assert_eq!(found.len(), 1);
    let cursor = scene.meta.list_templates(&access, &TemplateFilter::all(), Some("QVFI999")).await;
    assert_eq!(refusal(cursor).0, 131_059);
    let ids: Vec<String> = all.into_iter().map(|t| t.meta_id).collect();
    let mut wrong = ids.clone();
    wrong.push("42".into());
    assert_eq!(refusal(scene.meta.delete_templates(&access, &wrong).await).0, 100);
    let still = scene.meta.all_templates(&access, &pending).await.expect("lists");
    assert_eq!(still.len(), ids.len(), "all or none");
    scene.meta.delete_templates(&access, &ids).await.expect("deleted");
    assert!(scene.meta.all_templates(&access, &pending).await.expect("lists").is_empty());
}

#[tokio::test]
async fn one_time_codes_and_the_library_are_approved_at_once() {
    let scene = scene();
    let access = scene.account();
    let code = Authentication::copy_code().security_recommendation().expires_after_minutes(5);
    let upsert = AuthenticationUpsert::new("login", ["en_US", "pt_BR"], code);
    let made = scene.meta.upsert_authentication_templates(&access, &upsert).await.expect("made");
    assert!(made.iter().all(|one| one.status == TemplateStatus::Approved));
    let again = scene.meta.upsert_authentication_templates(&access, &upsert).await.expect("made");
    assert_eq!(made[0].id, again[0].id, "changed, not made twice");
    let stored = scene.meta.get_template(&access, &made[0].id).await.expect("is there");
    let text = stored.components[0]["text"].as_str().expect("Meta's words");
    let query = PreviewQuery::new(["en_US"]).security_recommendation().expires_after_minutes(5);
    let shown = scene.meta.preview_authentication_templates(&access, &query).await.expect("shown");
    assert_eq!(shown[0].body, text);
    let filled = scene.noun(stored).fill(&values(&[("1", "481516")]), None).expect("fills");
    scene.send_to(ANA, Content::Template(filled.clone())).await.expect("accepted");
    let to_id = scene.send_to("BR.123", Content::Template(filled)).await;
    assert_eq!(refusal(to_id).0, 131_062);

    let found = scene.meta.template_library(&access, &LibraryFilter::search("shipped")).await;
    let entry = found.expect("found").templates.remove(0);
    let bare = LibraryDraft::new("shipped", "en_US", &entry.name);
    assert_eq!(refusal(scene.meta.create_from_library(&access, &bare).await).0, 100);
    let input = LibraryButtonInput::url("https://shop.example/{{1}}", "https://shop.example/a");
    let made = scene.meta.create_from_library(&access, &bare.button(input)).await.expect("made");
    assert_eq!(made.status, TemplateStatus::Approved);
}

#[tokio::test]
async fn a_sample_is_uploaded_in_parts_and_only_a_known_one_is_taken() {
    let scene = scene();
    let (access, app) = (scene.account(), scene.meta.app_id());
    let marketing = |handle: &str| {
        TemplateDraft::marketing("picture", "en_US")
            .header(Header::image(handle))
            .body(Body::new("Look at this."))
    };
    let unknown = scene.meta.create_template(&access, &marketing("4::made-up")).await;
    assert_eq!(refusal(unknown).0, 100);
    let session =
        scene.meta.start_upload(&access, &app, "a.png", "image/png", 1_000).await.expect("begun");
    let part = |from: usize, to: usize| sample().bytes.slice(from..to);
    let half = scene.meta.upload_part(&access, &session, 0, part(0, 400)).await;
    assert_eq!(half, Ok(Uploaded::UpTo(400)));
    let gap = scene.meta.upload_part(&access, &session, 500, part(500, 1_000)).await;
    assert_eq!(refusal(gap).0, 100);
    let handle = scene.meta.resume_upload(&access, &session, &sample()).await.expect("whole");
    scene.meta.create_template(&access, &marketing(&handle)).await.expect("taken");

    let mut faults = Faults::default();
    faults.cut_uploads = Some(300);
    scene.meta.set_faults(faults);
    let handle = scene.meta.upload_resumable(&access, &app, sample()).await;
    assert!(handle.expect("goes on after each break").starts_with("4::"));
    let wrong = scene.meta.start_upload(&access, &app, "a.gif", "image/gif", 10).await;
    assert!(matches!(wrong, Err(CloudError::Invalid { ref field, .. }) if field == "file_type"));
    let asked = GraphRequest::new(Verb::Post, &access.token, [app.as_str(), "uploads"])
        .query("file_length", "10")
        .query("file_type", "image/gif");
    assert_eq!(refusal(scene.meta.exchange(asked).await).0, 100, "Meta's side says no as well");
}

#[tokio::test]
async fn the_same_life_over_http() {
    let meta = wire::meta().await;
    let (client, access) = (&meta.client, &meta.access);
    let (url, mut received) = wire::endpoint(Vec::new()).await;
    use whatsapp_cloud::AccountApi;
    client.subscribe_app(access, wire::callback(&url, "my-token")).await.expect("verified");
    let plan = json!({"templates": {"review_ms": [0, 0]}, "cut_uploads": 300, "webhooks": {"delay_ms": [0, 0], "batch": 1}});
    meta.control.ask("PUT", "/_sim/faults", &plan).await;
    let app = meta.running.world["app"]["id"].as_str().expect("an id");
    let handle = client.upload_resumable(access, app, sample()).await.expect("uploads");
    let picture = draft("parcel").header(Header::image(handle));
    let id = client.create_template(access, &picture).await.expect("taken").id;
    let mut told = async || {
        let (_, body) = wire::next(&mut received).await;
        parse(&body, Timestamp::ZERO).expect("reads").remove(0).inbound
    };
    let state = |inbound: Inbound| match inbound {
        Inbound::TemplateStatus(update) => (update.meta_id, update.word),
        other => panic!("{other:?}"),
    };
    assert_eq!(state(told().await), (id.clone(), "APPROVED".into()));
    let decide = format!("/_sim/templates/{id}");
    meta.control.ask("POST", &decide, &json!({"quality": "RED"})).await;
    assert!(matches!(told().await, Inbound::TemplateQuality(_)));
    assert_eq!(state(told().await).1, "PAUSED");
    assert!(client.unpause_template(access, &id).await.expect("asked").success);
    assert_eq!(state(told().await).1, "REINSTATED");
    let ttl = TemplateEdit::default().ttl_seconds(3_600);
    client.edit_template(access, &id, &ttl).await.expect("changed");
    let now = client.get_template(access, &id).await.expect("is there");
    assert_eq!(now.message_send_ttl_seconds, Some(3_600));
    assert_eq!(now.can_send_message.as_deref(), Some("AVAILABLE"));
    client.delete_template_by_name(access, "parcel").await.expect("deleted");
    assert_eq!(state(told().await).1, "PENDING_DELETION");
    assert_eq!(refusal(client.create_template(access, &draft("parcel")).await).1, Some(2_388_023));
    let ask = json!({"seconds": 31 * 86_400});
    meta.control.ask("POST", "/_sim/clock/advance", &ask).await;
    client.create_template(access, &draft("parcel")).await.expect("free again");
    meta.running.stop().await;
}
