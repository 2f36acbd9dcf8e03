package io.pekkoraft.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The two places where the JDK lets chance in behind our back: {@code ThreadLocalRandom}, which
 * gives actors their uids, and the pool on which {@code CompletableFuture} runs what nobody gave it
 * an executor for.
 */
final class Determinism {
  private static final Object UNSAFE = unsafe();
  private static final long SEED_OFFSET =
      (long) call("objectFieldOffset", field(Thread.class, "threadLocalRandomSeed"));

  static {
    routeAsyncPool();
  }

  private Determinism() {}

  /** Makes what this thread draws from here on a function of {@code seed}. */
  static void seedThreadLocalRandom(long seed) {
    ThreadLocalRandom.current(); // The first call would overwrite the seed.
    call("putLong", Thread.currentThread(), SEED_OFFSET, seed);
  }

  /** While a node's code runs, the pool is that node's executor. */
  private static void routeAsyncPool() {
    CompletableFuture.completedFuture(null); // The class has to be initialized.
    var field = field(CompletableFuture.class, "ASYNC_POOL");
    var base = call("staticFieldBase", field);
    var offset = (long) call("staticFieldOffset", field);
    var original = (Executor) call("getObject", base, offset);
    Executor routed =
        task -> {
          var node = World.currentNode();
          if (node == null) {
            original.execute(task);
          } else {
            node.execute(task);
          }
        };
    call("putObjectVolatile", base, offset, routed);
  }

  private static Field field(Class<?> type, String name) {
    try {
      return type.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@code sun.misc.Unsafe}, by reflection: to name it is a warning that can't be turned off. */
  private static Object unsafe() {
    try {
      var field = field(Class.forName("sun.misc.Unsafe"), "theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Object call(String name, Object... arguments) {
    for (var method : UNSAFE.getClass().getMethods()) {
      if (method.getName().equals(name) && fits(method, arguments)) {
        try {
          return method.invoke(UNSAFE, arguments);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    throw new IllegalStateException("No such method here: Unsafe." + name);
  }

  private static boolean fits(Method method, Object[] arguments) {
    var types = method.getParameterTypes();
    if (types.length != arguments.length) {
      return false;
    }
    for (var i = 0; i < types.length; i++) {
      if (types[i] != long.class && !types[i].isInstance(arguments[i])) {
        return false;
      }
    }
    return true;
  }
}
