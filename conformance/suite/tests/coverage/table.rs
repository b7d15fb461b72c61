//! What can be checked of a row without calling anybody.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use agentchat_local::faults::ROUTES;
use agentchat_tokio::engine::rest::{JsonCall, TABLE};
use serde_json::{Value, json};

/// The methods of `agentchat call`, as its interface promises them.
const COMMAND_LINE: &str = "
    register verify recover recover_verify get_me get_agent update_agent delete_agent rotate_key rotate_key_verify set_avatar
    remove_avatar send_message get_messages mark_as_read delete_message list_conversations get_conversation_participants
    get_conversation_context hide_conversation create_group get_group update_group delete_group set_group_avatar
    remove_group_avatar add_group_member remove_group_member promote_group_member demote_group_member leave_group
    list_group_invites accept_group_invite reject_group_invite add_contact list_contacts check_contact update_contact_notes
    remove_contact block_agent unblock_agent report_agent mute_agent mute_conversation unmute_agent unmute_conversation
    list_mutes get_agent_mute_status get_conversation_mute_status get_presence update_presence get_presence_batch
    search_agents create_upload get_attachment_download_url sync sync_ack create_webhook list_webhooks get_webhook
    delete_webhook
    set_reply_active get_reply_active clear_reply_active claim_reply claim_reply_batch set_wake_webhook delete_wake_webhook";

fn names() -> BTreeSet<&'static str> {
    TABLE.iter().map(|route| route.name).collect()
}

pub(crate) fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// All files of a folder, one after the other.
pub(crate) fn sources(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let files = fs::read_dir(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    let files = files.map(|file| file.expect("an entry").path()).filter(|path| path.is_file());
    files.map(|file| fs::read_to_string(file).expect("UTF-8")).collect()
}

#[test]
fn the_command_line_knows_exactly_these_rows() {
    let promised: BTreeSet<&str> = COMMAND_LINE.split_whitespace().collect();
    assert_eq!(promised, names());
    assert_eq!(TABLE.len(), promised.len(), "no row is there twice");
    for name in promised {
        assert!(JsonCall::new(name, json!({})).is_some(), "{name}");
    }
}

#[test]
fn every_row_has_a_vector_with_its_method_and_path() {
    let vectors: Vec<Value> = serde_json::from_str(&source("conformance/vectors/requests.json")).expect("JSON");
    for route in TABLE {
        let of_row: Vec<&Value> = vectors.iter().filter(|vector| vector["name"] == route.name).collect();
        assert!(!of_row.is_empty(), "{} has no vector", route.name);
        for vector in of_row {
            let method = vector["method"].as_str().expect("a method");
            assert!(format!("{:?}", route.method).eq_ignore_ascii_case(method), "{vector}");
            let path = vector["path"].as_str().expect("a path");
            let fits = |(template, sent): (&str, &str)| template.starts_with('{') || template == sent;
            assert!(route.template.split('/').zip(path.split('/')).all(fits), "{vector}");
        }
    }
}

/// The lines of documentation right above a line that contains this.
fn documentation(source: &str, item: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let Some(place) = lines.iter().position(|line| line.contains(item)) else {
        return Vec::new();
    };
    let is_part = |line: &&&str| line.starts_with("///") || line.starts_with("#[");
    lines[..place].iter().rev().take_while(is_part).map(|line| (*line).to_owned()).collect()
}

#[test]
fn every_row_is_described_with_its_section_of_the_contract() {
    let (engine, driver) = (sources("engine/src/rest"), sources("transports/driver/src/methods"));
    // The notation of rows writes method, path and section into the documentation of each request type.
    let notation = source("engine/src/rest/define.rs");
    assert!(notation.contains(r#"$template, "`, contract ", $contract, ".""#), "the notation cites the contract");
    let contract = source("conformance/contract.md");
    for route in TABLE {
        let heads_section = |line: &str| line.trim_start_matches(['#', ' ']).split(' ').next() == Some(route.contract);
        assert!(contract.lines().any(heads_section), "{}: {:?}", route.name, route.contract);
        let item = match route.name {
            "send_message" => "pub struct SendMessage".to_owned(),
            name => format!("\"{name}\" "),
        };
        let text = documentation(&engine, &item);
        assert!(text.iter().any(|line| line.starts_with("/// ")), "the request of {} has no documentation", route.name);
        if route.name == "send_message" {
            assert!(text.iter().any(|line| line.contains("contract 2.3")), "{text:?}");
        }
        let text = documentation(&driver, &format!("pub async fn {}(", route.name));
        assert!(text.iter().any(|line| line.starts_with("/// ")), "the method {} has no documentation", route.name);
        assert!(text.iter().any(|line| line == "/// # Errors"), "the errors of {} are not described", route.name);
    }
}

#[test]
fn the_fault_switchboard_calls_the_routes_what_the_table_calls_them() {
    for route in TABLE {
        let named = ROUTES.iter().find(|named| named.name == route.name);
        let named = named.unwrap_or_else(|| panic!("rules cannot name {}", route.name));
        assert!(format!("{:?}", route.method).eq_ignore_ascii_case(named.method), "{}", route.name);
        assert_eq!(named.path, route.template, "{}", route.name);
    }
    let others: Vec<&str> = ROUTES.iter().map(|route| route.name).filter(|name| !names().contains(name)).collect();
    assert_eq!(others, ["ws", "health", "upload_bytes", "download_bytes", "avatar_bytes"]);
}
