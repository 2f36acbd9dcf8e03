/**
 * Objects as bytes: peer messages and store events as CBOR under names of our own, so that a
 * renamed class can still be read; commands through whatever serializer the application configured.
 *
 * <p>May use: {@code model}, {@code protocol}, {@code storage}'s events, {@code apply}'s codec,
 * Pekko Serialization, Jackson.
 */
package io.pekkoraft.serialization;
