//! The small repositories.

use serde_json::json;
use whatsapp_core::event::AuditEntry;
use whatsapp_core::{By, MediaKind, MediaObject, MediaState, PageRequest, Snippet};

use super::Outcome;
use super::world::{NOW, World, later};

pub(super) async fn snippets_have_one_shortcut_each(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let snippet = |shortcut: &str| Snippet {
        id: world.env.id(),
        shortcut: shortcut.to_owned(),
        title: "Hours".to_owned(),
        text: "We are open {{name}}".to_owned(),
        created_at: NOW,
    };
    let (hours, mut bye) = (snippet("hours"), snippet("bye"));
    let mut unit = world.write(tenant).await?;
    assert!(unit.snippets().insert(&hours).await?);
    assert!(unit.snippets().insert(&bye).await?);
    assert!(!unit.snippets().insert(&snippet("hours")).await?, "a shortcut was taken twice");
    let listed = unit.snippets().list().await?;
    assert_eq!(listed, vec![bye.clone(), hours.clone()], "by shortcut");
    bye.shortcut = "hours".to_owned();
    assert!(!unit.snippets().update(&bye).await?, "a shortcut was changed into a taken one");
    bye.shortcut = "ciao".to_owned();
    assert!(unit.snippets().update(&bye).await?);
    assert_eq!(unit.snippets().find(bye.id).await?, Some(bye.clone()));
    assert!(unit.snippets().delete(bye.id).await?);
    assert!(!unit.snippets().delete(bye.id).await?, "deleted twice");
    Ok(())
}

pub(super) async fn files_are_read_back(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut file = MediaObject {
        id: world.env.id(),
        kind: MediaKind::Document,
        mime: "application/pdf".to_owned(),
        size: 0,
        filename: Some("menü.pdf".to_owned()),
        state: MediaState::Pending,
        error: None,
        channel: Some(world.env.id()),
        provider_id: Some("123".to_owned()),
        provider_expires_at: Some(later(9)),
        created_at: NOW,
    };
    let mut unit = world.write(tenant).await?;
    unit.media().insert(&file).await?;
    assert_eq!(unit.media().find(file.id).await?.as_ref(), Some(&file));
    (file.state, file.size, file.provider_id) = (MediaState::Ready, 42, None);
    assert!(unit.media().update(&file).await?);
    assert_eq!(unit.media().many(&[file.id, world.env.id()]).await?, vec![file.clone()]);
    file.id = world.env.id();
    assert!(!unit.media().update(&file).await?, "a file that is not there was changed");
    Ok(())
}

pub(super) async fn the_audit_log_is_newest_first(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut lines = Vec::new();
    for action in ["channel.connected", "channel.removed", "team.invited"] {
        let line = AuditEntry {
            id: world.env.id(),
            by: By::User(world.env.id()),
            action: action.to_owned(),
            target: "chn_1".to_owned(),
            at: NOW,
        };
        unit.audit().append(&line).await?;
        lines.push(line);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.id));
    let request = PageRequest::first(2);
    let first = unit.audit().page(&request).await?;
    let second = unit.audit().page(&request.after(first.next.clone())).await?;
    let listed: Vec<_> = first.items.into_iter().chain(second.items).collect();
    assert_eq!(listed, lines);
    Ok(())
}

pub(super) async fn failures_in_a_row_are_counted(world: &World<'_>) -> Outcome {
    let key = format!("login-{}", world.env.uuid());
    let mut system = world.system().await?;
    assert_eq!(system.throttles().look(&key).await?, None);
    assert_eq!(system.throttles().fail(&key, NOW, later(-900)).await?, 1);
    assert_eq!(system.throttles().fail(&key, later(1), later(-899)).await?, 2);
    system.throttles().block(&key, later(30)).await?;
    assert_eq!(system.throttles().look(&key).await?, Some((2, later(30))));
    assert_eq!(system.throttles().fail(&key, later(1000), later(100)).await?, 1, "long ago");
    system.throttles().reset(&key).await?;
    assert_eq!(system.throttles().look(&key).await?, None);
    Ok(())
}

pub(super) async fn calls_are_counted_by_window(world: &World<'_>) -> Outcome {
    let key = format!("key-{}", world.env.uuid());
    let mut system = world.system().await?;
    assert_eq!(system.rate_counters().add(&key, NOW, 10).await?, 10);
    assert_eq!(system.rate_counters().add(&key, NOW, 10).await?, 20);
    assert_eq!(system.rate_counters().add(&key, later(60), 10).await?, 10, "a new window");
    assert!(system.rate_counters().trim(later(60)).await? >= 1);
    assert_eq!(system.rate_counters().add(&key, later(60), 1).await?, 11);
    Ok(())
}

pub(super) async fn settings_are_kept(world: &World<'_>) -> Outcome {
    let key = format!("setting-{}", world.env.uuid());
    let mut system = world.system().await?;
    assert_eq!(system.platform_settings().get(&key).await?, None);
    assert!(system.platform_settings().put_new(&key, &json!({"a": [1, null]})).await?);
    assert!(!system.platform_settings().put_new(&key, &json!(2)).await?, "it had a value");
    assert_eq!(system.platform_settings().get(&key).await?, Some(json!({"a": [1, null]})));
    system.platform_settings().put(&key, &json!("x")).await?;
    assert_eq!(system.platform_settings().get(&key).await?, Some(json!("x")));
    assert!(system.platform_settings().remove(&key).await?);
    assert!(!system.platform_settings().remove(&key).await?);
    Ok(())
}
