package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * The executor of every dispatcher of a simulated node: hands all work to the world. Work that
 * blocks, as the dispatcher's configuration says, takes its disk's time.
 */
public final class NodeExecutor extends ExecutorServiceConfigurator {
  private final Node node;
  private final boolean blocks;

  /** Called by Pekko while the node boots. */
  public NodeExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    blocks = config.hasPath("blocks");
    node = Objects.requireNonNull(World.currentNode(), "No node is booting on this thread.");
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> new Service(node, blocks);
  }

  private static final class Service extends AbstractExecutorService {
    private final Node node;
    private final boolean blocks;
    private boolean down;

    private Service(Node node, boolean blocks) {
      this.node = node;
      this.blocks = blocks;
    }

    @Override
    public void execute(Runnable command) {
      if (blocks) {
        node.disk().afterBlocking(node, command);
      } else {
        node.execute(command);
      }
    }

    @Override
    public void shutdown() {
      down = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      down = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return down;
    }

    @Override
    public boolean isTerminated() {
      return down;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
