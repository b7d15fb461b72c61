//! Lists as iterators, and files in one call each way.

use agentchat_blocking::{Contacts, Download, Upload};

use bytes::Bytes;

use crate::platform::Scene;

#[test]
fn a_list_is_an_iterator_over_all_its_pages() {
    let scene = Scene::new();
    let alice = scene.agent("alice");
    let expected: Vec<_> = (0..7).map(|number| format!("friend{number}")).collect();
    for handle in &expected {
        scene.agent(handle);
        alice.add_contact(handle.as_str()).unwrap();
    }
    let mut contacts = alice.pages(Contacts::new().page_size(3));
    let first: Vec<_> = contacts.by_ref().take(4).map(|row| row.unwrap().handle.to_string()).collect();
    // Another goes on where this one was.
    let rest = alice.pages(Contacts::new().page_size(3).start(contacts.get_ref().position()));
    let rest: Vec<_> = rest.map(|row| row.unwrap().handle.to_string()).collect();
    assert_eq!([first, rest].concat(), expected);
}

#[test]
fn a_file_goes_up_and_comes_down() {
    let scene = Scene::new();
    let (alice, bob) = (scene.agent("alice"), scene.agent("bob"));
    let bytes: Bytes = (0..100_000_u32).map(|number| number as u8).collect();
    let upload = Upload::to("bob", bytes.clone()).filename("numbers.txt");
    let uploaded = alice.upload(upload).unwrap();
    let download = || Download::new(uploaded.attachment_id.clone());
    let mut received = Vec::new();
    bob.download(download(), &mut received).unwrap();
    assert_eq!(received, *bytes);
    let path = std::env::temp_dir().join(format!("agentchat-blocking-{}", std::process::id()));
    bob.download_to(download(), &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), *bytes);
    std::fs::remove_file(&path).unwrap();
}
