package io.pekkoraft.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.h2.tools.Server;
import org.slf4j.LoggerFactory;

/**
 * Where the {@linkplain PlainTicketOffice plain ticket office} keeps its events: an H2 database,
 * which is on none of the nodes, so that it outlives each of them.
 */
public final class TicketDatabase implements AutoCloseable {
  private static final String NAME = "tickets";
  private static final String USER = "sa";
  private static final String TABLES = "classpath:schema/h2/h2-create-schema.sql";

  private final Connection connection;
  private final Optional<Server> server;
  private final String url;

  private TicketDatabase(Connection connection, Optional<Server> server, String url) {
    this.connection = connection;
    this.server = server;
    this.url = url;
  }

  /**
   * Opens it, with its tables, for whoever is in this process.
   *
   * @throws CannotStart when another process has it
   */
  static TicketDatabase open(Path directory) throws CannotStart {
    var url = "jdbc:h2:file:" + directory.toAbsolutePath().normalize().resolve(NAME);
    try {
      return new TicketDatabase(connect(url), Optional.empty(), url);
    } catch (SQLException e) {
      throw new CannotStart(
          "the database in "
              + directory
              + " can't be opened ("
              + e.getMessage()
              + "). If another process has it, stop that one, or give --data another directory.",
          e);
    }
  }

  /**
   * Opens it and serves it to the processes of this machine, until this one ends.
   *
   * @param port 0 for any that is free
   * @throws CannotStart with what to do about it
   */
  public static TicketDatabase serve(Path directory, int port) throws CannotStart {
    var opened = open(directory);
    try {
      // Those from elsewhere are refused, and nobody can have another database made.
      var server =
          Server.createTcpServer(
              "-tcpPort",
              Integer.toString(port),
              "-ifExists",
              "-baseDir",
              directory.toAbsolutePath().normalize().toString());
      server.start();
      var url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./" + NAME;
      return new TicketDatabase(opened.connection, Optional.of(server), url);
    } catch (SQLException e) {
      opened.close();
      throw new CannotStart(
          "it can't listen on port " + port + ": " + e.getMessage() + ". Give --port another.", e);
    }
  }

  private static Connection connect(String url) throws SQLException {
    // It stays open while the pools of nodes come and go.
    var connection = DriverManager.getConnection(url + ";DB_CLOSE_DELAY=-1", USER, "");
    try (var tables = connection.getMetaData().getTables(null, null, "event_journal", null);
        var statement = connection.createStatement()) {
      if (!tables.next()) {
        statement.execute("RUNSCRIPT FROM '" + TABLES + "'");
      }
    }
    return connection;
  }

  /**
   * Looks whether there is one.
   *
   * @throws CannotStart when there is not, with what to do about it
   */
  static void require(String url) throws CannotStart {
    try (var connection = DriverManager.getConnection(url, USER, "")) {
      LoggerFactory.getLogger(TicketDatabase.class).debug("There is {}.", connection);
    } catch (SQLException e) {
      throw new CannotStart(
          "there is no database at --plain "
              + url
              + " ("
              + e.getMessage()
              + "). Begin one with `pekko-raft database`, which says its URL.",
          e);
    }
  }

  /** What a node says to reach it. */
  public String url() {
    return url;
  }

  /** It may be closed already, for it closes itself when the process ends. */
  @Override
  public void close() {
    server.ifPresent(Server::stop);
    try (var last = connection;
        var statement = last.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      LoggerFactory.getLogger(TicketDatabase.class).debug("The database was closed.", e);
    }
  }
}
