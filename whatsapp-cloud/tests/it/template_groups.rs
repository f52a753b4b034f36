//! How templates did, groups of them, the archive, and copies to another account.

use serde_json::json;
use whatsapp_cloud::template::{
    AnalyticsQuery, MigrationQuery, TemplateFilter, TemplateGroupDraft,
};
use whatsapp_cloud::{CloudApi, TemplateAdminApi, TemplateGroupApi};
use whatsapp_core::{Span, TemplateStatus, Timestamp};

use crate::scene::*;
use crate::template_life::{draft, refusal};

#[tokio::test]
async fn figures_come_from_what_was_sent_and_tapped() {
    let scene = scene();
    let access = scene.account();
    let id = scene.meta.create_template(&access, &draft("parcel")).await.expect("taken").id;
    scene.pass(Span::minutes(1));
    scene.meta.write(ANA, "Hi").expect("writes");
    let wamid = scene.send_template(&id).await.expect("accepted");
    let tap = json!({"from": ANA, "type": "button", "button": {"payload": "Thanks", "text": "Thanks"}, "context": {"message_id": wamid}});
    scene.meta.inbound(tap).expect("taps");
    scene.pass(Span::hours(1));
    let day = Timestamp::from_seconds(scene.env.now().seconds().div_euclid(86_400) * 86_400);
    let query = AnalyticsQuery::new(day, day + Span::days(1), [id.as_str()]);
    let off = scene.meta.template_analytics(&access, &query).await;
    assert_eq!(refusal(off).0, 200_007);
    scene.meta.enable_template_insights(&access).await.expect("on");
    let days = scene.meta.template_analytics(&access, &query).await.expect("figures");
    assert_eq!((days[0].sent, days[0].delivered, days[0].read), (Some(1), Some(1), Some(1)));
    assert_eq!((days[0].clicked[0].text.as_str(), days[0].clicked[0].count), ("Thanks", 1));
    let endless = AnalyticsQuery::new(day, Timestamp::FAR_FUTURE, [id.as_str()]);
    let endless = scene.meta.template_analytics(&access, &endless).await;
    assert_eq!(refusal(endless).0, 100, "nobody counts the days until then");
    let group = TemplateGroupDraft::named("All").with_templates([id.as_str()]);
    let group = scene.meta.create_template_group(&access, &group).await.expect("made");
    let query = AnalyticsQuery::new(day, day + Span::days(1), [group.as_str()]);
    let days = scene.meta.template_group_analytics(&access, &query).await.expect("figures");
    assert_eq!((days[0].template_id.as_str(), days[0].sent), (group.as_str(), Some(1)));
    let other = scene.template("store_hours").await.meta_id;
    let now = scene.env.now();
    let both =
        scene.meta.compare_templates(&access, &id, &other, day, now).await.expect("compared");
    assert_eq!((both.sends[0].value.as_str(), both.sends[1].value.as_str()), ("1", "0"));
}

#[tokio::test]
async fn groups_the_archive_and_copies_to_another_account() {
    let scene = scene();
    let (access, other) = (scene.account(), scene.meta.access(1).expect("another account"));
    let id = scene.meta.create_template(&access, &draft("parcel")).await.expect("taken").id;
    scene.pass(Span::minutes(1));
    let meta: &dyn CloudApi = &scene.meta;
    let group = TemplateGroupDraft::named("All").with_templates([id.as_str()]);
    let group = meta.create_template_group(&access, &group).await.expect("made");
    let out = TemplateGroupDraft::default().without_templates([id.as_str()]).description("none");
    meta.edit_template_group(&access, &group, &out).await.expect("changed");
    let now = meta.template_group(&access, &group).await.expect("is there");
    assert_eq!((now.template_ids.len(), now.description.as_deref()), (0, Some("none")));
    meta.delete_template_group(&access, &group).await.expect("deleted");
    assert!(meta.template_groups(&access, None).await.expect("lists").groups.is_empty());

    meta.archive_templates(&access, std::slice::from_ref(&id)).await.expect("archived");
    assert_eq!(scene.state(&id).await, TemplateStatus::Archived);
    meta.unarchive_templates(&access, std::slice::from_ref(&id)).await.expect("back");
    assert_eq!(scene.state(&id).await, TemplateStatus::Approved);

    let moved = meta.migrate_templates(&other, &MigrationQuery::from(&access.waba_id)).await;
    let moved = moved.expect("copied");
    assert_eq!(moved.migrated, [id]);
    assert!(!moved.failed.is_empty(), "the other account has all templates of the beginning");
    let copied = meta.all_templates(&other, &TemplateFilter::all().name("parcel")).await;
    assert_eq!(copied.expect("lists").len(), 1);
}
