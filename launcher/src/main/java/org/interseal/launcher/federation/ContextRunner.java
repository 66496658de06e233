package org.interseal.launcher.federation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** Runs services as application contexts of this JVM. */
final class ContextRunner implements ServiceRunner {
  private final Path log;

  /**
   * @param log the one log file of all services; they share the JVM's logging system
   */
  ContextRunner(Path log) {
    this.log = log;
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
    arguments.add("--logging.file.name=" + log);
    arguments.add("--logging.structured.format.file=ecs");
    arguments.add("--logging.threshold.console=OFF");
    // Else every start leaves a directory behind among the machine's temporary ones.
    arguments.add("--server.tomcat.basedir=" + service.home().resolve("tomcat"));
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(main)
            .bannerMode(Banner.Mode.OFF)
            .registerShutdownHook(false)
            .logStartupInfo(false)
            .run(arguments.toArray(String[]::new));
    CompletableFuture<String> ended = new CompletableFuture<>();
    context.addApplicationListener(
        (ApplicationListener<ContextClosedEvent>) _ -> ended.complete("by itself"));
    return new RunningContext(service, context, ended, log);
  }

  private record RunningContext(
      Service service,
      ConfigurableApplicationContext context,
      CompletableFuture<String> ended,
      Path log)
      implements Running {
    @Override
    public void close() {
      context.close();
    }
  }
}
