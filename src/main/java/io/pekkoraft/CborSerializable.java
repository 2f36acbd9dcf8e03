package io.pekkoraft;

/**
 * Marks commands, results and states that Jackson serializes as CBOR: the short way for records.
 * Any other serializer does as well, by Pekko's {@code serialization-bindings}.
 */
public interface CborSerializable {}
