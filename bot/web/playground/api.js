// Asking the server; what goes wrong is thrown as a code that texts.errors has words for.

export async function getState() {
  return answered(fetch("/play/state", { cache: "no-store" }));
}

export async function post(what, body) {
  return answered(fetch(`/play/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

async function answered(asking) {
  let response;
  try {
    response = await asking;
  } catch {
    throw new Error("network");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || "other");
  return body;
}
