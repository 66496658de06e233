package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.interseal.protocol.json.ProtocolJson;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * One federation of two banks that all attackers attack, started once and stopped after the last of
 * them.
 */
final class AttackedFederation implements ParameterResolver {
  static final long COUNTERPARTY_CAP_MINOR = 300_000;
  static final long BRANCH_CAP_MINOR = 9_000_000;

  private record Attacked(Path data, Federation federation) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      federation.close();
      try {
        assertOnlyWhatAttackersSignedIsFound(data);
      } finally {
        FileSystemUtils.deleteRecursively(data);
      }
    }
  }

  /**
   * What attackers leave in the tables that members share turns no verification red. What B's own
   * keys signed does, and places of blocks that were taken behind a chain's end.
   */
  private static void assertOnlyWhatAttackersSignedIsFound(Path data) throws IOException {
    Path report = Files.createTempFile("interseal-attacked", ".json");
    try {
      int code = OfflineVerification.of(data, "--report", report.toString()).code();
      JsonNode found = ProtocolJson.mapper().readTree(Files.readString(report));
      assertThat(code).as(found.toString()).isIn(0, 1);
      for (JsonNode place : found.path("badPlaces")) {
        assertThat(place.path("reason").asString())
            .as(found.toString())
            .isIn("MIRROR_BROKEN", "PEER_HEAD_CONTRADICTED", "BROKEN_BLOCK", "MISSING_BLOCK");
      }
    } finally {
      Files.delete(report);
    }
  }

  private static Attacked start() {
    try {
      Path data = Files.createTempDirectory("interseal-attacked");
      return new Attacked(
          data,
          Federation.in(data)
              .with("interseal.terms.counterparty-cap-minor", COUNTERPARTY_CAP_MINOR)
              .with("interseal.terms.branch-cash-cap-minor", BRANCH_CAP_MINOR)
              .portBase(30_400)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Federation.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(AttackedFederation.class))
        .computeIfAbsent(Attacked.class, _ -> start(), Attacked.class)
        .federation();
  }
}
