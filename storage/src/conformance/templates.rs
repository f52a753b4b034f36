//! Templates.

use whatsapp_core::{PageRequest, TemplateStatus};

use super::Outcome;
use super::world::{World, later};
use crate::repo::TemplateFilter;

pub(super) async fn metas_id_names_one_template_of_a_channel(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let template = world.template(&shop.channel, "offer");
    let mut unit = world.write(shop.tenant).await?;
    assert_eq!(unit.templates().upsert(&template).await?, Some(template.id));
    let mut changed = world.template(&shop.channel, "offer");
    changed.meta_id.clone_from(&template.meta_id);
    changed.status = TemplateStatus::Paused;
    changed.updated_at = later(1);
    let id = unit.templates().upsert(&changed).await?;
    assert_eq!(id, Some(template.id), "the first id stays");
    changed.id = template.id;
    assert_eq!(unit.templates().find(template.id).await?.as_ref(), Some(&changed));
    let found = unit.templates().by_meta_id(&template.meta_id).await?;
    assert_eq!(found, vec![changed.clone()]);
    assert_eq!(unit.templates().many(&[template.id, world.env.id()]).await?, vec![changed]);
    Ok(())
}

pub(super) async fn an_unchanged_template_is_not_reported(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let template = world.template(&shop.channel, "offer");
    let mut unit = world.write(shop.tenant).await?;
    unit.templates().upsert(&template).await?;
    let mut same = template.clone();
    (same.id, same.updated_at) = (world.env.id(), later(1));
    assert_eq!(unit.templates().upsert(&same).await?, None);
    Ok(())
}

pub(super) async fn templates_are_listed_by_name_and_language(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    for (name, language) in [("b_two", "pt_BR"), ("a_one", "pt_BR"), ("b_two", "en")] {
        let mut template = world.template(&shop.channel, name);
        template.language = language.to_owned();
        unit.templates().upsert(&template).await?;
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let request = PageRequest::first(1).after(cursor);
        let page = unit.templates().page(&TemplateFilter::default(), &request).await?;
        seen.extend(page.items.into_iter().map(|t| (t.name, t.language)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let pair = |name: &str, language: &str| (name.to_owned(), language.to_owned());
    assert_eq!(seen, vec![pair("a_one", "pt_BR"), pair("b_two", "en"), pair("b_two", "pt_BR")]);
    let both = unit.templates().by_name(Some(shop.channel.id), "b_two").await?;
    assert_eq!(both.len(), 2);
    assert_eq!(unit.templates().by_name(None, "a_one").await?.len(), 1);
    assert!(unit.templates().by_name(Some(world.env.id()), "a_one").await?.is_empty());
    let filter = TemplateFilter {
        channel: Some(shop.channel.id),
        status: Some(TemplateStatus::Approved),
        search: Some("TWO".to_owned()),
    };
    let page = unit.templates().page(&filter, &PageRequest::default()).await?;
    assert_eq!(page.items.len(), 2);
    Ok(())
}
