# The built-in gate `ci` in Rego. Start from it when your organisation decides with OPA.
#
#   opa build -t wasm -e cordon/decision default-gate.rego    for policy.engine: opa-wasm
#   opa run --server default-gate.rego                                           for policy.engine: opa-server
#
# Cordon asks for data.cordon.decision: an object with `deny` and `warn`, each a set of messages or of {id, message, inputs}.
# That content was not read to its end is judged by Cordon itself (`allowIncomplete` of the gate).
package cordon

decision := {"deny": deny, "warn": warn}

counts(finding) if not finding.suppressed

by_severity(severity) := [finding |
	some finding in input.findings
	finding.severity == severity
	counts(finding)
]

read_by_severity(severity) := [finding |
	some finding in by_severity(severity)
	not finding.unread
]

unread := [finding |
	some finding in input.findings
	finding.unread
	finding.rank >= 3
	counts(finding)
]

deny contains {"id": "critical", "message": sprintf("Critical findings: %d", [count(read_by_severity("critical"))])} if {
	count(read_by_severity("critical")) > 0
}

deny contains {"id": "high", "message": sprintf("High findings: %d", [count(read_by_severity("high"))])} if {
	count(read_by_severity("high")) > 0
}

deny contains {"id": "unread", "message": message} if {
	count(unread) > 0
	paths := concat(", ", [finding.path | some finding in unread])
	message := concat("", ["Content that could not be read to its end: ", paths])
}

warn contains {"id": "medium", "message": sprintf("Findings to review: %d", [count(by_severity("medium"))])} if {
	count(by_severity("medium")) > 0
}

warn contains {"id": "waiver-expired", "message": message} if {
	input.context.waivers.expired > 0
	message := sprintf("Expired waivers: %d. Their findings count again.", [input.context.waivers.expired])
}

warn contains {"id": "waiver-refused", "message": message} if {
	input.context.waivers.refused > 0
	message := sprintf("Waivers that the waiver policy refuses: %d", [input.context.waivers.refused])
}

warn contains {"id": "waiver-unmatched", "message": message} if {
	input.context.waivers.unmatched > 0
	message := sprintf("Waivers that cover nothing: %d. Remove them.", [input.context.waivers.unmatched])
}
