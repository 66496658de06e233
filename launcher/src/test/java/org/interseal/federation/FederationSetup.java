package org.interseal.federation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;

/** How a federation is to be started. */
final class FederationSetup {
  private final Path data;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private List<BankId> banks = List.of(Federation.A, Federation.B);
  private boolean separate;
  private int servers = 1;
  private int gateways = 1;
  private Optional<Integer> partitions = Optional.empty();
  private int portBase = 27_400;
  private Optional<String> rethinkDb = Optional.empty();

  FederationSetup(Path data) {
    this.data = data;
    for (String setting : FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS) {
      int equals = setting.indexOf('=');
      settings.put(setting.substring(2, equals), setting.substring(equals + 1));
    }
  }

  FederationSetup banks(BankId... all) {
    banks = List.of(all);
    return this;
  }

  FederationSetup with(String setting, Object value) {
    settings.put(setting, value.toString());
    return this;
  }

  FederationSetup nodes(int ofServers, int ofGateways) {
    servers = ofServers;
    gateways = ofGateways;
    return this;
  }

  FederationSetup partitions(int ofEach) {
    partitions = Optional.of(ofEach);
    return this;
  }

  FederationSetup separate() {
    separate = true;
    return this;
  }

  FederationSetup portBase(int base) {
    portBase = base;
    return this;
  }

  FederationSetup rethinkDb(String address) {
    rethinkDb = Optional.of(address);
    return this;
  }

  Federation start() throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    LocalFederation local =
        LocalFederation.start(
            new FederationDirectory(data),
            banks,
            new FederationOptions(separate, false, portBase, rethinkDb, arguments)
                .nodes(servers, gateways)
                .partitioned(partitions),
            InstantSource.system(),
            _ -> {});
    return new Federation(
        local.directory(), local.banks(), local.registry(), local::close, local::stop);
  }
}
