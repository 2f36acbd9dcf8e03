package io.pekkoraft.http;

/**
 * A name for one state of a resource (RFC 9110 §8.8.3).
 *
 * @param opaque what stands between the quotes
 */
public record EntityTag(boolean weak, String opaque) {
  public static EntityTag strong(String opaque) {
    return new EntityTag(false, opaque);
  }

  /** As it stands in a header. */
  @Override
  public String toString() {
    return (weak ? "W/\"" : "\"") + opaque + "\"";
  }
}
