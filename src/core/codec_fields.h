// The keys of every event, written down once: for each struct its keys in the order they are written. The
// writer, the reader and the tests walk these lists with visitors:
//   visit(key, field)   a field under that key
//   visit.key(key)      an attempt's task and number, which lie flat beside the other fields
#pragma once

#include <concepts>
#include <type_traits>

#include "core/event.h"

namespace pianola::core {

// A struct of exactly this type, const for the writer and not for the reader.
template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// --- parts of events -------------------------------------------------------------------------------------

void fields(auto& visit, Is<plan::Check> auto& check) {
  visit("command", check.command);
  visit("type", check.type);
  visit("required", check.required);
  visit("timeout_ms", check.timeout_ms);
  visit("allow_trivial", check.allow_trivial);
  visit("description", check.description);
}

void fields(auto& visit, Is<plan::PatchIntent> auto& intent) {
  visit("file", intent.file);
  visit("action", intent.action);
  visit("argument", intent.argument);
}

void fields(auto& visit, Is<plan::Task> auto& task) {
  visit("id", task.id);
  visit("description", task.description);
  visit("mode", task.mode);
  visit("files_write", task.files_write);
  visit("files_append", task.files_append);
  visit("files_read", task.files_read);
  visit("resources_write", task.resources_write);
  visit("resources_read", task.resources_read);
  visit("depends_on", task.depends_on);
  visit("verification", task.verification);
  visit("patch_intents", task.patch_intents);
  visit("deps_runtime", task.deps_runtime);
  visit("deps_dev", task.deps_dev);
  visit("context_keys", task.context_keys);
  visit("env_from", task.env_from);
  visit("setup", task.setup);
  visit("agent", task.agent);
  visit("model", task.model);
  visit("role", task.role);
  visit("priority", task.priority);
  visit("variants", task.variants);
  visit("attempts", task.attempts);
  visit("timeout_ms", task.timeout_ms);
  visit("network", task.network);
  visit("allow_large_changes", task.allow_large_changes);
}

void fields(auto& visit, Is<plan::Parameter> auto& parameter) {
  visit("name", parameter.name);
  visit("type", parameter.type);
}

void fields(auto& visit, Is<plan::Method> auto& method) {
  visit("name", method.name);
  visit("parameters", method.parameters);
  visit("returns", method.returns);
  visit("doc", method.doc);
}

void fields(auto& visit, Is<plan::Contract> auto& contract) {
  visit("name", contract.name);
  visit("version", contract.version);
  visit("file_path", contract.file_path);
  visit("methods", contract.methods);
  visit("imports", contract.imports);
  visit("producers", contract.producers);
  visit("consumers", contract.consumers);
}

void fields(auto& visit, Is<plan::Plan> auto& plan) {
  visit("request", plan.request);
  visit("tasks", plan.tasks);
  visit("contracts", plan.contracts);
  visit("post_merge_checks", plan.post_merge_checks);
  visit("setup", plan.setup);
}

void fields(auto& visit, Is<Policy> auto& policy) {
  visit("jobs", policy.jobs);
  visit("starts", policy.starts);
  visit("backoff_first_ms", policy.backoff_first_ms);
  visit("backoff_max_ms", policy.backoff_max_ms);
  visit("run_timeout_ms", policy.run_timeout_ms);
  visit("end_grace_ms", policy.end_grace_ms);
  visit("promote", policy.promote);
  visit("partial", policy.partial);
  visit("stale_environment", policy.stale_environment);
  visit("isolation", policy.isolation);
  visit("default_agent", policy.default_agent);
}

void fields(auto& visit, Is<Repository> auto& repository) {
  visit("path", repository.path);
  visit("target", repository.target);
  visit("base", repository.base);
  visit("author_name", repository.author_name);
  visit("author_email", repository.author_email);
}

void fields(auto& visit, Is<Approval> auto& approval) {
  visit("score", approval.score);
  visit("threshold", approval.threshold);
  visit("sha256", approval.sha256);
}

void fields(auto& visit, Is<ContractVersion> auto& contract) {
  visit("name", contract.name);
  visit("version", contract.version);
}

void fields(auto& visit, Is<ExitStatus> auto& exit) {
  visit("kind", exit.kind);
  visit("value", exit.value);
  visit("tree_empty", exit.tree_empty);
  visit("detail", exit.detail);
}

void fields(auto& visit, Is<Usage> auto& usage) {
  visit("tokens_in", usage.tokens_in);
  visit("tokens_out", usage.tokens_out);
  visit("tokens_cached", usage.tokens_cached);
  visit("cost_microusd", usage.cost_microusd);
}

void fields(auto& visit, Is<Claim> auto& claim) {
  visit("success", claim.success);
  visit("failure", claim.failure);
  visit("message", claim.message);
  visit("session", claim.session);
  visit("usage", claim.usage);
}

void fields(auto& visit, Is<CheckResult> auto& check) {
  visit("command", check.command);
  visit("passed", check.passed);
  visit("required", check.required);
  visit("timed_out", check.timed_out);
  visit("signalled", check.signalled);
  visit("exit_value", check.exit_value);
  visit("duration_ms", check.duration_ms);
  visit("tail", check.tail);
  visit("log_path", check.log_path);
}

void fields(auto& visit, Is<SideCommit> auto& side) {
  visit("ref", side.ref);
  visit("commit", side.commit);
}

// --- events ------------------------------------------------------------------------------------------------

void fields(auto& visit, Is<RunStarted> auto& event) {
  visit("run", event.run);
  visit("seed", event.seed);
  visit("plan_file", event.plan_file);
  visit("plan_sha256", event.plan_sha256);
  visit("plan", event.plan);
  visit("policy", event.policy);
  visit("repository", event.repository);
  visit("approval", event.approval);
  visit("contracts", event.contracts);
  visit("environment", event.environment);
}

void fields(auto& visit, Is<SupervisorStarted> auto& event) {
  visit("pid", event.pid);
  visit("version", event.version);
}

void fields(auto&, Is<RunOpened> auto&) {}

void fields(auto& visit, Is<AttemptStarted> auto& event) {
  visit.key(event.key);
  visit("generation", event.generation);
  visit("reused", event.reused);
  visit("base", event.base);
  visit("agent", event.agent);
  visit("notes", event.notes);
  visit("contracts", event.contracts);
  visit("environment", event.environment);
}

void fields(auto& visit, Is<WorkspaceMade> auto& event) { visit.key(event.key); }

void fields(auto& visit, Is<AgentLaunched> auto& event) {
  visit.key(event.key);
  visit("prompt_sha256", event.prompt_sha256);
}

void fields(auto& visit, Is<AgentSpawned> auto& event) {
  visit.key(event.key);
  visit("pid", event.pid);
}

void fields(auto& visit, Is<AgentProgressed> auto& event) {
  visit.key(event.key);
  visit("session", event.session);
}

void fields(auto& visit, Is<AttemptEnding> auto& event) {
  visit.key(event.key);
  visit("reason", event.reason);
}

void fields(auto& visit, Is<AgentExited> auto& event) {
  visit.key(event.key);
  visit("exit", event.exit);
  visit("claim", event.claim);
}

void fields(auto& visit, Is<CollectionStarted> auto& event) { visit.key(event.key); }

void fields(auto& visit, Is<SideCommitsKept> auto& event) {
  visit.key(event.key);
  visit("commits", event.commits);
}

void fields(auto& visit, Is<WorkCollected> auto& event) {
  visit.key(event.key);
  visit("head", event.head);
  visit("leftovers", event.leftovers);
  visit("files_changed", event.files_changed);
  visit("findings", event.findings);
}

void fields(auto& visit, Is<CandidateStarted> auto& event) {
  visit.key(event.key);
  visit("staging", event.staging);
}

void fields(auto& visit, Is<CandidateBuilt> auto& event) {
  visit.key(event.key);
  visit("commit", event.commit);
  visit("findings", event.findings);
  visit("contracts", event.contracts);
  visit("environment", event.environment);
}

void fields(auto& visit, Is<GatesStarted> auto& event) {
  visit.key(event.key);
  visit("subject", event.subject);
}

void fields(auto& visit, Is<GatesFinished> auto& event) {
  visit.key(event.key);
  visit("subject", event.subject);
  visit("checks", event.checks);
}

void fields(auto& visit, Is<LandingStarted> auto& event) { visit.key(event.key); }

void fields(auto& visit, Is<TaskLanded> auto& event) {
  visit.key(event.key);
  visit("commit", event.commit);
}

void fields(auto& visit, Is<AttemptEnded> auto& event) {
  visit.key(event.key);
  visit("outcome", event.outcome);
  visit("reason", event.reason);
  visit("feedback", event.feedback);
  visit("counted", event.counted);
  visit("failed_start", event.failed_start);
  visit("retry_at", event.retry_at);
}

void fields(auto& visit, Is<TaskFailed> auto& event) {
  visit("task", event.task);
  visit("reason", event.reason);
}

void fields(auto& visit, Is<TaskSkipped> auto& event) {
  visit("task", event.task);
  visit("because", event.because);
}

void fields(auto& visit, Is<TaskStopAsked> auto& event) { visit("task", event.task); }

void fields(auto& visit, Is<TaskStopped> auto& event) {
  visit("task", event.task);
  visit("reason", event.reason);
}

void fields(auto& visit, Is<WorkspaceRemoving> auto& event) {
  visit("task", event.task);
  visit("generation", event.generation);
}

void fields(auto& visit, Is<WorkspaceRemoved> auto& event) {
  visit("task", event.task);
  visit("generation", event.generation);
}

void fields(auto& visit, Is<FinalGatesStarted> auto& event) { visit("commit", event.commit); }

void fields(auto& visit, Is<FinalGatesFinished> auto& event) {
  visit("commit", event.commit);
  visit("checks", event.checks);
}

void fields(auto& visit, Is<PromotionRequested> auto& event) { visit("mode", event.mode); }

void fields(auto& visit, Is<PromotionStarted> auto& event) {
  visit("from", event.from);
  visit("to", event.to);
  visit("mode", event.mode);
}

void fields(auto& visit, Is<TargetPromoted> auto& event) { visit("commit", event.commit); }

void fields(auto& visit, Is<PromotionLeft> auto& event) { visit("reason", event.reason); }

void fields(auto& visit, Is<TargetMoved> auto& event) { visit("commit", event.commit); }

void fields(auto& visit, Is<RebuildStarted> auto& event) {
  visit("target", event.target);
  visit("staging", event.staging);
}

void fields(auto& visit, Is<StagingRebuilt> auto& event) {
  visit("commit", event.commit);
  visit("environment", event.environment);
}

void fields(auto& visit, Is<RunPaused> auto& event) {
  visit("reason", event.reason);
  visit("kind", event.kind);
}

void fields(auto&, Is<RunResumed> auto&) {}

void fields(auto& visit, Is<RunStopping> auto& event) { visit("how", event.how); }

void fields(auto& visit, Is<RunFinished> auto& event) {
  visit("success", event.success);
  visit("reason", event.reason);
}

void fields(auto& visit, Is<NoteSaid> auto& event) {
  visit("task", event.task);
  visit("text", event.text);
}

void fields(auto& visit, Is<UndoStarted> auto& event) {
  visit("of", event.of);
  visit("from", event.from);
  visit("to", event.to);
}

void fields(auto& visit, Is<PromotionUndone> auto& event) {
  visit("of", event.of);
  visit("commit", event.commit);
}

void fields(auto& visit, Is<WorkspaceSaved> auto& event) {
  visit("task", event.task);
  visit("generation", event.generation);
  visit("commit", event.commit);
}

void fields(auto& visit, Is<UndoLeft> auto& event) {
  visit("of", event.of);
  visit("reason", event.reason);
}

}  // namespace pianola::core
