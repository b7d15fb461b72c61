//! Registration, recovery and rotation (contract 2.1).

use agentchat_tokio::engine::rest::{Recover, Register};

use super::world::World;

pub(crate) async fn story(world: &World) {
    let nobody = world.anybody();
    let request = Register::new("keys@example.com", "key-holder").display_name("Key").description("holds a key");
    let pending = nobody.register(request).await.expect("registered");
    assert_eq!(pending.meta.status, 200);
    assert!(pending.meta.request_id.is_some() && pending.message.is_some());
    let pending_id = pending.pending_id.clone();
    let code = world.code(pending_id.as_str());
    let new = nobody.verify(pending_id, code).await.expect("verified");
    assert_eq!(new.meta.status, 201);
    assert_eq!((new.agent.handle.as_str(), new.agent.display_name.as_deref()), ("key-holder", Some("Key")));
    assert_eq!(new.agent.email.as_deref(), Some("keys@example.com"));
    assert!(new.api_key.expose().starts_with("ac_"));

    let first = nobody.with_api_key(new.api_key.clone());
    let pending = first.rotate_key("@key-holder").await.expect("a code was sent");
    let pending_id = pending.pending_id.clone();
    let code = world.code(pending_id.as_str());
    let rotated = first.rotate_key_verify("key-holder", pending_id, code).await.expect("rotated");
    assert_eq!(rotated.handle.as_str(), "key-holder");
    assert_ne!(rotated.api_key.expose(), new.api_key.expose());
    assert!(first.get_me().await.is_err(), "the old key is dead");
    let second = nobody.with_api_key(rotated.api_key.clone());
    assert_eq!(second.get_me().await.expect("the new key works").handle.as_str(), "key-holder");

    let pending = nobody.recover(Recover::new("keys@example.com").handle("key-holder")).await.expect("a code was sent");
    let pending_id = pending.pending_id.clone().expect("a pending id");
    let code = world.code(pending_id.as_str());
    let recovered = nobody.recover_verify(pending_id, code).await.expect("recovered");
    assert_eq!(recovered.handle.as_str(), "key-holder");
    assert!(second.get_me().await.is_err(), "the old key is dead");
    let third = nobody.with_api_key(recovered.api_key.clone());
    assert_eq!(third.get_me().await.expect("the new key works").handle.as_str(), "key-holder");
}
