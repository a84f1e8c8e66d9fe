// What the page asks the server; every path is relative to the address that holds the secret.

async function ask(path, options) {
  const response = await fetch(path, options);
  if (response.ok) return response.json();
  let message = `${response.status}`;
  try { message = (await response.json()).error ?? message; } catch { /* no JSON */ }
  throw new Error(message);
}

const post = (path, value) => ask(path, { method: "POST", body: JSON.stringify(value) });

export const progress = () => ask("api/progress");
export const doubts = () => ask("api/doubts");
export const documents = (wanted) => ask(`api/documents?${new URLSearchParams(wanted)}`);
export const open = (id) => ask(`api/documents/${id}`);
export const correct = (id, said) => post(`api/documents/${id}/corrections`, said);
export const undo = (id, correction) => post(`api/documents/${id}/undo`, { id: correction });
export const folder = (path) => post("api/folder", { path });
export const upload = (file) => ask(`api/upload?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
export const pagePicture = (id, page) => `api/documents/${id}/pages/${page}`;
/** The forms that a document is given in. */
export const formats = ["txt", "json", "csv", "tables", "xlsx", "pdf", "alto", "page", "hocr", "md", "html", "record"];
/** Writes a document in a form into the folder of what is taken home; gives that folder. */
export const save = async (id, format) => (await ask(`api/documents/${id}/save/${format}`, { method: "POST" })).folder;
export const exported = (id, format) => `api/documents/${id}/export/${format}`;
