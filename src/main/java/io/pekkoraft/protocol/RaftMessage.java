package io.pekkoraft.protocol;

/** Whatever lands in a peer's mailbox. */
public sealed interface RaftMessage permits PeerMessage, ClientMessage, SelfMessage {}
