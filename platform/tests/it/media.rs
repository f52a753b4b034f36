//! Files that are to be sent.

use bytes::Bytes;
use whatsapp_core::{MediaKind, Role};

use crate::{code, hire, seen_by, shop};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

#[tokio::test]
async fn a_file_is_kept_under_its_own_name_and_given_back_whole() {
    let (_world, shop) = shop().await;
    let media = shop.workspace.media();
    let kept = media.store("../bread.png", "image/png", Bytes::from_static(PNG)).await;
    let kept = kept.expect("keeps");
    assert_eq!((kept.kind, kept.filename.as_deref()), (MediaKind::Image, Some("bread.png")));
    let (read, bytes) = media.read(kept.id).await.expect("reads");
    assert_eq!((read, bytes.as_ref()), (kept, PNG));
}

#[tokio::test]
async fn a_file_in_disguise_or_too_large_is_refused() {
    let (_world, shop) = shop().await;
    let media = shop.workspace.media();
    let store =
        async |declared: &'static str, bytes: Bytes| code(media.store("x", declared, bytes).await);
    assert_eq!(store("image/jpeg", Bytes::from_static(PNG)).await, "MEDIA_TYPE");
    assert_eq!(store("image/svg+xml", Bytes::from_static(b"<svg/>")).await, "MEDIA_TYPE");
    assert_eq!(store("text/html", Bytes::from_static(b"<html>")).await, "MEDIA_TYPE");
    assert_eq!(store("image/png", Bytes::new()).await, "MEDIA_EMPTY");
    let mut large = PNG.to_vec();
    large.resize(5 * 1024 * 1024 + 1, 0);
    assert_eq!(store("image/png", large.into()).await, "MEDIA_TOO_LARGE");
}

#[tokio::test]
async fn a_file_of_another_tenant_is_missing() {
    let (mut world, shop) = shop().await;
    let other = world.tenant("Blue Harbor").await;
    let kept = shop.workspace.media().store("a.png", "image/png", Bytes::from_static(PNG)).await;
    let id = kept.expect("keeps").id;
    assert_eq!(code(other.workspace.media().read(id).await), "FILE_NOT_FOUND");
    let bruno = hire(&world.platform, shop.tenant, "bruno@example.com", Role::Member).await;
    let seen = seen_by(&world.platform, shop.tenant, &bruno).await;
    seen.media().read(id).await.expect("who answers customers sees files");
}
