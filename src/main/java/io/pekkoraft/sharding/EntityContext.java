package io.pekkoraft.sharding;

/** Which entity is made. */
public record EntityContext<Command>(EntityTypeKey<Command> typeKey, String entityId) {}
