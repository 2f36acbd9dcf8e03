package io.pekkoraft.journal;

/** An object as bytes, with what its serializer needs to read it back. */
record Serialized(int serializerId, String manifest, byte[] bytes) {}
