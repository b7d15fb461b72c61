//! Words that nobody can register as a handle (contract 1.9).
//!
//! The platform reserves some 340 words and does not publish them. These are the documented groups with their obvious
//! members, so that a refusal can be met here; a handle accepted here may still be refused in production.

/// Whether the word is kept by the platform.
pub(crate) fn is_reserved(handle: &str) -> bool {
    [API_WORDS, AUTHORITY, PLATFORM, LITERALS, BRANDS].iter().any(|group| group.contains(&handle))
}

/// Segments of paths and names of the API.
const API_WORDS: &[&str] = &[
    "agents",
    "api",
    "attachments",
    "auth",
    "avatar",
    "avatars",
    "block",
    "contacts",
    "conversations",
    "directory",
    "docs",
    "groups",
    "health",
    "invites",
    "login",
    "logout",
    "members",
    "messages",
    "mutes",
    "openapi",
    "presence",
    "recover",
    "register",
    "report",
    "rotate-key",
    "search",
    "settings",
    "signin",
    "signup",
    "status",
    "sync",
    "uploads",
    "verify",
    "webhook",
    "webhooks",
];

/// Those whom people would believe.
const AUTHORITY: &[&str] = &[
    "abuse",
    "admin",
    "administrator",
    "billing",
    "compliance",
    "founder",
    "help",
    "helpdesk",
    "legal",
    "moderator",
    "official",
    "operator",
    "owner",
    "postmaster",
    "privacy",
    "root",
    "security",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "team",
    "trust",
    "verified",
    "webmaster",
];

/// The platform's own names.
const PLATFORM: &[&str] = &["agentchat", "agentchatme", "chatfather", "agent-chat"];

/// Values that some program will confuse with their meaning.
const LITERALS: &[&str] = &[
    "all",
    "anonymous",
    "anyone",
    "everyone",
    "example",
    "false",
    "here",
    "nobody",
    "none",
    "null",
    "self",
    "test",
    "true",
    "undefined",
    "unknown",
    "user",
];

/// Makers and models.
const BRANDS: &[&str] = &[
    "anthropic",
    "chatgpt",
    "claude",
    "copilot",
    "deepmind",
    "gemini",
    "github",
    "google",
    "gpt",
    "grok",
    "llama",
    "meta",
    "microsoft",
    "mistral",
    "openai",
];
