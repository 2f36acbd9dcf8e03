package io.pekkoraft.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which release this is, and what it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    var release =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not from a release)");
    return new String[] {
      "pekko-raft " + release,
      "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " ${os.arch}"
    };
  }
}
