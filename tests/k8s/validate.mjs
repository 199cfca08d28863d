// validate.mjs < objects.yaml: every object of a multi-document YAML against the published schema of its kind. Prints what is
// wrong, one line each, and ends with 1; an unknown kind, an unknown field, a key twice and an empty file are wrong too.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);

// The schemas allow fields that they do not name, and an API server drops them or refuses. The validators look at every field that
// they name and at no other, so a field that nobody has looked at is one that the schema does not have.
function watched(value, path, looks) {
  if (value === null || typeof value !== "object") return value;
  const seen = new Set();
  looks.push({ path, value, seen });
  const inner = new Map();
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return target[key];
      seen.add(key);
      if (!inner.has(key)) inner.set(key, watched(target[key], `${path}.${key}`, looks));
      return inner.get(key);
    },
  });
}

function validator_of(object) {
  const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["", object.apiVersion];
  const names = [group, version, object.kind];
  if (!names.every((name) => /^[A-Za-z0-9.]*$/.test(name))) return undefined;
  try {
    return require(["kubernetes-models", ...names.filter(Boolean)].join("/"))[object.kind];
  } catch {
    return undefined;
  }
}

function problems_of(object) {
  if (typeof object?.apiVersion !== "string" || typeof object?.kind !== "string") return ["no apiVersion or kind"];
  const model = validator_of(object);
  if (!model) return [`no such kind: ${object.apiVersion} ${object.kind}`];
  const looks = [];
  try {
    model.prototype.validate.call(watched(object, "", looks));
  } catch (error) {
    return [error.message];
  }
  return looks.flatMap(({ path, value, seen }) =>
    Object.keys(value).filter((key) => !seen.has(key)).map((key) => `unknown field ${`${path}.${key}`.slice(1)}`));
}

const documents = parseAllDocuments(readFileSync(0, "utf8"));
const problems = [];
for (const document of documents) {
  const object = document.toJS();
  const name = `${object?.kind} ${object?.metadata?.name}`;
  const found = document.errors.length ? document.errors.map((error) => error.message) : problems_of(object);
  problems.push(...found.map((problem) => `${name}: ${problem}`));
}
if (documents.length === 0) problems.push("no object at all");
for (const problem of problems) console.log(problem);
console.log(`${documents.length} objects, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
