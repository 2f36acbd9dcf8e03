package io.pekkoraft.demo;

/** Marks what {@code application.conf} binds to Jackson's CBOR: the commands, and their results. */
public interface CborSerializable {}
