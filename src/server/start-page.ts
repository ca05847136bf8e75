/** The page at `/`: what runs here and the commands to begin with. Says nothing that the documentation does not, and runs no script. */
export function startPage(url: string): string {
  const address = escaped(url.replace(/\/+$/, ''));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cordon</title>
<h1>Cordon runs here</h1>
<p>Registry for models and gateway for language models. Ask your administrator for a key; nothing below answers without one.</p>
<h2>Hugging Face clients</h2>
<pre>export HF_ENDPOINT=${address}/hf
export HF_TOKEN=cordon_...
hf upload acme/bert ./model
hf download acme/bert</pre>
<h2>MLflow</h2>
<pre>export MLFLOW_TRACKING_URI=${address}/mlflow
export MLFLOW_TRACKING_TOKEN=cordon_...</pre>
<h2>OpenAI clients</h2>
<pre>export OPENAI_BASE_URL=${address}/v1
export OPENAI_API_KEY=cordon_...</pre>
<h2>Command line</h2>
<pre>export CORDON_SERVER=${address}
export CORDON_TOKEN=cordon_...
cordon models list
cordon seal acme/bert
cordon promote acme/bert@1 --to staging</pre>
<p>API: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
