package org.interseal.launcher.federation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankLicence;
import org.jspecify.annotations.Nullable;

/**
 * What a data directory holds, kept in {@code federation.json}.
 *
 * @param v format version, 1
 * @param banks in the order of their founding
 * @param rethinkdb the databases on a RethinkDB server; none for the embedded store
 * @param ports the ports that each service had last time, by {@code <service>} and {@code <service>
 *     management}
 * @param partitions that each bank's ledger is founded with; one when this is missing
 */
record FederationDescription(
    int v,
    List<BankId> banks,
    Map<String, Integer> ports,
    @Nullable RethinkDbLocation rethinkdb,
    @Nullable Integer partitions) {
  static final int VERSION = 1;
  static final int MAX_BANKS = 100;
  private static final int PREFIX_BYTES = 4;

  FederationDescription {
    if (v != VERSION) {
      throw new IllegalArgumentException(
          "a federation of format version " + v + ", this program reads " + VERSION);
    }
    if (banks.size() > MAX_BANKS) {
      throw new IllegalArgumentException("at most " + MAX_BANKS + " banks on one machine");
    }
    banks = List.copyOf(banks);
    ports = Map.copyOf(ports);
  }

  static FederationDescription read(FederationDirectory directory) throws IOException {
    Path file = directory.description();
    if (!Files.exists(file)) {
      return new FederationDescription(VERSION, List.of(), Map.of(), null, null);
    }
    try {
      return ProtocolJson.decode(Files.readString(file), FederationDescription.class);
    } catch (MalformedMessage e) {
      throw new IOException(
          file + " is not the description of a federation of format version " + VERSION, e);
    }
  }

  void write(FederationDirectory directory) throws IOException {
    Files.createDirectories(directory.root());
    Path part = directory.description().resolveSibling("federation.json.part");
    Files.writeString(part, ProtocolJson.encodeText(this));
    Files.move(
        part,
        directory.description(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Databases of one federation.
   *
   * @param address host and port of a server
   * @param prefix of all its databases' names
   */
  record RethinkDbLocation(String address, String prefix) {}

  /**
   * On RethinkDB, when that is asked for.
   *
   * @throws IOException when there is a federation already, with its rows elsewhere
   */
  FederationDescription on(Optional<String> address, SecureRandom random) throws IOException {
    if (address.isEmpty()) {
      return this;
    }
    RethinkDbLocation before = rethinkdb;
    if (before != null) {
      return new FederationDescription(
          v, banks, ports, new RethinkDbLocation(address.get(), before.prefix()), partitions);
    }
    if (!banks.isEmpty()) {
      throw new IOException(
          "this federation keeps its rows in the embedded store: take another --data for RethinkDB");
    }
    byte[] name = new byte[PREFIX_BYTES];
    random.nextBytes(name);
    return new FederationDescription(
        v,
        banks,
        ports,
        new RethinkDbLocation(address.get(), "is" + HexFormat.of().formatHex(name)),
        partitions);
  }

  /**
   * With so many ledger partitions of each bank, when that is asked for.
   *
   * @throws IOException when there are banks already, founded with another number
   */
  FederationDescription partitioned(Optional<Integer> asked) throws IOException {
    int count = asked.orElse(partitionsOfEach());
    if (count < 1 || count > BankLicence.MAX_PARTITIONS) {
      throw new IOException(
          "a bank's ledger has 1 to " + BankLicence.MAX_PARTITIONS + " partitions, not " + count);
    }
    if (count != partitionsOfEach() && !banks.isEmpty()) {
      throw new IOException(
          "the banks of this federation were founded with "
              + partitionsOfEach()
              + " ledger partitions each, which is for ever: take another --data for "
              + count);
    }
    return new FederationDescription(v, banks, ports, rethinkdb, count);
  }

  int partitionsOfEach() {
    return partitions == null ? 1 : partitions;
  }

  FederationStores stores(FederationDirectory directory, InstantSource clock) {
    RethinkDbLocation location = rethinkdb;
    return location == null
        ? new EmbeddedStores(directory, clock)
        : new RethinkDbStores(location, directory);
  }

  /** With these banks too. */
  FederationDescription with(List<BankId> more) {
    List<BankId> all = new java.util.ArrayList<>(banks);
    more.stream().filter(bank -> !banks.contains(bank)).forEach(all::add);
    return new FederationDescription(v, all, ports, rethinkdb, partitions);
  }

  /**
   * With a free port for each name: the one of last time where it is still free, else the next from
   * {@code base}.
   */
  FederationDescription withPorts(List<String> names, int base) {
    Map<String, Integer> chosen = new LinkedHashMap<>();
    TreeSet<Integer> taken = new TreeSet<>();
    for (String name : names) {
      Integer before = ports.get(name);
      if (before != null && !taken.contains(before) && isFree(before)) {
        chosen.put(name, before);
        taken.add(before);
      }
    }
    int next = base;
    for (String name : names) {
      if (!chosen.containsKey(name)) {
        while (taken.contains(next) || !isFree(next)) {
          next++;
          if (next > 65_535) {
            throw new IllegalStateException("no free port from " + base);
          }
        }
        chosen.put(name, next);
        taken.add(next);
      }
    }
    return new FederationDescription(v, banks, chosen, rethinkdb, partitions);
  }

  int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalStateException("no port for " + name);
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
