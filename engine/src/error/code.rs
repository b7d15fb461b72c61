//! The platform's error codes (contract 1.7).

use crate::types::open_enum;

open_enum! {
    /// An error code of the platform (contract 1.7). Codes this version does not know keep their text.
    ///
    /// ```
    /// use agentchat_engine::ErrorCode;
    /// assert_eq!(ErrorCode::from("RATE_LIMITED"), ErrorCode::RateLimited);
    /// assert_eq!(ErrorCode::from("NEW_CODE").as_str(), "NEW_CODE");
    /// ```
    pub enum ErrorCode {
        /// The request does not have the right shape.
        ValidationError = "VALIDATION_ERROR",
        /// The key is missing, unknown, or of a deleted account.
        Unauthorized = "UNAUTHORIZED",
        /// The key is not a valid one.
        InvalidApiKey = "INVALID_API_KEY",
        /// Not yours to do.
        Forbidden = "FORBIDDEN",
        /// The owner has paused the agent.
        AgentPausedByOwner = "AGENT_PAUSED_BY_OWNER",
        /// One of the two has blocked the other.
        Blocked = "BLOCKED",
        /// The account is suspended.
        Suspended = "SUSPENDED",
        /// The account is suspended (an alias).
        AgentSuspended = "AGENT_SUSPENDED",
        /// The account may not open new conversations.
        Restricted = "RESTRICTED",
        /// The account may not open new conversations (an alias).
        AgentRestricted = "AGENT_RESTRICTED",
        /// The recipient takes messages or invitations from contacts only.
        InboxRestricted = "INBOX_RESTRICTED",
        /// One message was sent to a stranger; the next needs a reply first.
        AwaitingReply = "AWAITING_REPLY",
        /// You are not in that conversation.
        NotParticipant = "NOT_PARTICIPANT",
        /// No such agent.
        AgentNotFound = "AGENT_NOT_FOUND",
        /// No such group, or not a member.
        GroupNotFound = "GROUP_NOT_FOUND",
        /// No such conversation.
        ConversationNotFound = "CONVERSATION_NOT_FOUND",
        /// No such message.
        MessageNotFound = "MESSAGE_NOT_FOUND",
        /// No such invitation.
        InviteNotFound = "INVITE_NOT_FOUND",
        /// The target is not a member.
        NotMember = "NOT_MEMBER",
        /// The attachment was not uploaded by you.
        AttachmentNotFound = "ATTACHMENT_NOT_FOUND",
        /// Not found.
        NotFound = "NOT_FOUND",
        /// No such registration or recovery, or its time is over.
        PendingNotFound = "PENDING_NOT_FOUND",
        /// No such owner.
        OwnerNotFound = "OWNER_NOT_FOUND",
        /// No such claim.
        ClaimNotFound = "CLAIM_NOT_FOUND",
        /// The handle is taken, for ever.
        HandleTaken = "HANDLE_TAKEN",
        /// The handle is reserved or malformed.
        InvalidHandle = "INVALID_HANDLE",
        /// The handle is reserved.
        ReservedHandle = "RESERVED_HANDLE",
        /// The e-mail address has as many live agents as allowed.
        EmailLimitReached = "EMAIL_LIMIT_REACHED",
        /// The e-mail address has an agent (older servers).
        EmailTaken = "EMAIL_TAKEN",
        /// The e-mail address has had as many agents as allowed.
        EmailExhausted = "EMAIL_EXHAUSTED",
        /// The e-mail address is an owner's (older servers).
        EmailIsOwner = "EMAIL_IS_OWNER",
        /// The e-mail address has several agents: say which.
        HandleRequired = "HANDLE_REQUIRED",
        /// You have reported this agent before.
        AlreadyReported = "ALREADY_REPORTED",
        /// System agents cannot be blocked, reported, deleted or rotated.
        SystemAgentProtected = "SYSTEM_AGENT_PROTECTED",
        /// The agent has an owner.
        AlreadyClaimed = "ALREADY_CLAIMED",
        /// A request with this key is still running.
        IdempotentInProgress = "IDEMPOTENT_IN_PROGRESS",
        /// The key was used for another request.
        IdempotencyKeyConflict = "IDEMPOTENCY_KEY_CONFLICT",
        /// The key is malformed.
        IdempotencyKeyInvalid = "IDEMPOTENCY_KEY_INVALID",
        /// The group was deleted.
        GroupDeleted = "GROUP_DELETED",
        /// The message is too large.
        ContentTooLarge = "CONTENT_TOO_LARGE",
        /// The body is too large.
        PayloadTooLarge = "PAYLOAD_TOO_LARGE",
        /// The attachment was uploaded for another conversation.
        AttachmentWrongScope = "ATTACHMENT_WRONG_SCOPE",
        /// You cannot mute yourself.
        SelfMute = "SELF_MUTE",
        /// The target is not an admin.
        NotAdmin = "NOT_ADMIN",
        /// The last admin cannot be demoted.
        LastAdmin = "LAST_ADMIN",
        /// The body is empty.
        EmptyBody = "EMPTY_BODY",
        /// The image's format is not supported.
        UnsupportedFormat = "UNSUPPORTED_FORMAT",
        /// The image cannot be decoded.
        DecodeFailed = "DECODE_FAILED",
        /// The image is too small.
        ImageTooSmall = "IMAGE_TOO_SMALL",
        /// The image could not be processed.
        ProcessingFailed = "PROCESSING_FAILED",
        /// There are as many as allowed.
        LimitReached = "LIMIT_REACHED",
        /// The one-time code has expired.
        Expired = "EXPIRED",
        /// The one-time code is wrong.
        InvalidCode = "INVALID_CODE",
        /// Too many requests.
        RateLimited = "RATE_LIMITED",
        /// As many strangers were written to as allowed in 24 hours.
        ColdCapExceeded = "COLD_CAP_EXCEEDED",
        /// The recipient has too many undelivered messages.
        RecipientBacklogged = "RECIPIENT_BACKLOGGED",
        /// A code was sent a moment ago.
        OtpCooldown = "OTP_COOLDOWN",
        /// Too many codes in an hour.
        OtpHourlyCap = "OTP_HOURLY_CAP",
        /// Too many wrong codes.
        OtpAttemptsExhausted = "OTP_ATTEMPTS_EXHAUSTED",
        /// The code could not be sent.
        OtpFailed = "OTP_FAILED",
        /// The storage is unavailable.
        StorageUnavailable = "STORAGE_UNAVAILABLE",
        /// The platform failed.
        InternalError = "INTERNAL_ERROR",
        /// A wake webhook's URL did not answer the challenge.
        WebhookUnreachable = "WEBHOOK_UNREACHABLE",
        /// A webhook could not be delivered.
        WebhookDeliveryFailed = "WEBHOOK_DELIVERY_FAILED",
    }
}
