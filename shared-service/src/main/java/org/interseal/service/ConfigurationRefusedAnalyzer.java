package org.interseal.service;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

final class ConfigurationRefusedAnalyzer extends AbstractFailureAnalyzer<ConfigurationRefused> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ConfigurationRefused cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
