import { AlwaysOffSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/**
 * Trace ids follow a mail from SMTP to the Slack card in every log (W3C Trace Context over NATS headers).
 * Spans leave the process only when an OTLP endpoint is configured; the exporter is not even loaded otherwise.
 * Returns a function that flushes what is left.
 */
export async function startTracing(service: string, otlpEndpoint: string | undefined): Promise<() => Promise<void>> {
  if (!otlpEndpoint) {
    // Ids are made and handed on; nothing is recorded that nobody would read.
    new NodeTracerProvider({ sampler: new AlwaysOffSampler() }).register();
    return async () => {};
  }
  const [{ OTLPTraceExporter }, { BatchSpanProcessor }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return () => provider.shutdown();
}
