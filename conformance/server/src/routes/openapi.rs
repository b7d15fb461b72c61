//! `GET /v1/openapi.json`: the routes for programs that read OpenAPI (contract 1.1). What the real platform
//! says there about bodies is not known, so this document names operations, parameters and who needs a key.

use axum::Json;
use serde_json::{Map, Value, json};

use crate::faults::{ROUTES, RouteName};

/// Operations that anybody may call (contract 1.2).
const ANONYMOUS: &[&str] = &["register", "verify", "recover", "recover_verify", "get_agent", "health"];

pub(crate) async fn document() -> Json<Value> {
    let mut paths = Map::new();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1/") && route.name != "ws") {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        let method = route.method.to_lowercase();
        // Two names of one route are one operation.
        if methods.get(&method).is_none() {
            methods[method] = operation(route);
        }
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": { "title": "AgentChat, local platform", "version": env!("CARGO_PKG_VERSION") },
        "components": { "securitySchemes": { "api_key": { "type": "http", "scheme": "bearer" } } },
        "paths": paths,
    }))
}

fn operation(route: &RouteName) -> Value {
    let names = route.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let is_anonymous = ANONYMOUS.contains(&route.name);
    json!({
        "operationId": route.name,
        "parameters": names.map(parameter).collect::<Vec<_>>(),
        "security": if is_anonymous { json!([]) } else { json!([{ "api_key": [] }]) },
        "responses": { "default": { "description": "See the contract" } },
    })
}
