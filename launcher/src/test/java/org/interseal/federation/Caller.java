package org.interseal.federation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.launcher.federation.OwnerOnlySecret;

/** Somebody with a name and a password at the services' interfaces. */
record Caller(HttpClient http, String name, Path password) {
  private static final Duration LIMIT = Duration.ofSeconds(70);

  HttpRequest.Builder calls(URI uri) throws IOException {
    return HttpRequest.newBuilder(uri)
        .timeout(LIMIT)
        .header("Authorization", Registrations.basic(name, OwnerOnlySecret.read(password)));
  }

  /** Posts JSON; the answer may be of any status. */
  HttpResponse<String> posts(URI uri, String body) throws IOException, InterruptedException {
    return http.send(
        calls(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
