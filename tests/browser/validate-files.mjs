// Validates files with ajv: the input is {schemas, files: [[name of a schema, text], …]} as JSON, the output a list of
// true and false. A file that is not YAML 1.2 is not valid.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

const { schemas, files } = JSON.parse(await text(process.stdin));
const ajv = addFormats(new Ajv2020({ strict: true, strictTypes: false }));
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

function isValid([name, content]) {
  try {
    return validators[name](parse(content, { logLevel: "error" }));
  } catch {
    return false;
  }
}

console.log(JSON.stringify(files.map(isValid)));
