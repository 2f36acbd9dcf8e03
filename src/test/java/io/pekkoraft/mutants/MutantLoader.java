package io.pekkoraft.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Defines all our classes anew, those that a mutant changes in front. Whatever is not ours, Pekko
 * above all, stays with the parent: it is loaded, and warm, once.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "io.pekkoraft.";
  private static final Path SOURCES = Path.of("src/main/java/io/pekkoraft");

  private final Map<String, byte[]> changed;

  MutantLoader(Mutant mutant) {
    super(MutantLoader.class.getClassLoader());
    var patched = mutant.patched(MutantLoader::source);
    changed = patched.isEmpty() ? Map.of() : compile(patched);
  }

  private static String source(String file) {
    try {
      return Files.readString(SOURCES.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (var original = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (original == null) {
        throw new ClassNotFoundException(name);
      }
      var bytes = changed.containsKey(name) ? changed.get(name) : original.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** By name: what the patched files become, against the classes of the rest. */
  private static Map<String, byte[]> compile(Map<String, String> patched) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var errors = new StringWriter();
    var classes = new HashMap<String, ByteArrayOutputStream>();
    var sources = patched.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue()));
    try (var files = new Output(compiler.getStandardFileManager(null, null, null), classes)) {
      var options = List.of("-proc:none", "-nowarn", "-parameters", "-g");
      if (!compiler.getTask(errors, files, null, options, null, sources.toList()).call()) {
        throw new IllegalStateException("It does not compile:\n" + errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var compiled = new HashMap<String, byte[]>();
    classes.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
    return compiled;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    private Source(String file, String text) {
      super(URI.create("memory:///io/pekkoraft/" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps classes in memory. */
  private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    private Output(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String name,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
        }
      };
    }
  }
}
