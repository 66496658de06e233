package org.interseal.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

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
      FileSystemUtils.deleteRecursively(data);
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
