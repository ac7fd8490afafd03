// Checks FHIR documents with a validator that is not ours: `node validate_fhir.js < documents`, a JSON array of bundles.
// Prints what it finds wrong, per document; what a value set lists is a matter of the receiver.
const { Fhir } = require(process.argv[2]);
const fhir = new Fhir();
const bundles = JSON.parse(require("fs").readFileSync(0, "utf8"));
const faults = bundles.map((bundle) =>
  fhir
    .validate(bundle, { errorOnUnexpected: true })
    .messages.filter((message) => ["error", "fatal"].includes(message.severity))
    .map((message) => `${message.location}: ${message.message}`)
);
process.stdout.write(JSON.stringify(faults));
