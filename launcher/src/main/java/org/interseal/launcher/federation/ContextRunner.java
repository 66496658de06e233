package org.interseal.launcher.federation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs services as application contexts of this JVM. */
final class ContextRunner implements ServiceRunner {
  private final Path logs;

  /**
   * @param logs where the one log file of all services is written; they share the JVM's logging
   *     system
   */
  ContextRunner(Path logs) {
    this.logs = logs;
  }

  @Override
  public Running start(Service service) {
    Class<?> main;
    try {
      main = Class.forName(service.kind().mainClass());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("not on the class path: " + service.kind().mainClass(), e);
    }
    List<String> arguments = new ArrayList<>(service.arguments());
    arguments.add("--logging.file.name=" + logs.resolve("federation.log"));
    arguments.add("--logging.structured.format.file=ecs");
    arguments.add("--logging.threshold.console=OFF");
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(main)
            .bannerMode(Banner.Mode.OFF)
            .registerShutdownHook(false)
            .logStartupInfo(false)
            .run(arguments.toArray(String[]::new));
    return new RunningContext(service, context);
  }

  private record RunningContext(Service service, ConfigurableApplicationContext context)
      implements Running {
    @Override
    public boolean alive() {
      return context.isActive();
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
