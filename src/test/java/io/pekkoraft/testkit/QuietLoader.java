package io.pekkoraft.testkit;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Hides what every actor system would read anew at its start, from every jar: the configuration,
 * which a node is given whole, and the manifests. It halves the time that a node takes to boot.
 */
final class QuietLoader extends ClassLoader {
  /** Finds classes where the thread that runs the story finds them: the story's own among them. */
  QuietLoader() {
    super(Thread.currentThread().getContextClassLoader());
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals("META-INF/MANIFEST.MF") || name.equals("reference.conf")
        ? Collections.emptyEnumeration()
        : super.getResources(name);
  }
}
