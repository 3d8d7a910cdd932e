#include "test/redteam/attacks.h"

namespace pianola::redteam {
namespace {

using enum Proof;

constexpr const char* hub = "repo/.git/";
constexpr const char* clone = "repo.pianola/r1/fails.1";

void add(std::vector<Attack>& all, Proof proof, const std::string& above,
         const std::vector<std::pair<std::string, std::string>>& names_and_targets) {
  for (const auto& [name, target] : names_and_targets) all.push_back({name, proof, above + target});
}

void add_files(std::vector<Attack>& all) {
  add(all, changed, "home/",
      {{"home_bashrc", ".bashrc"},
       {"home_ssh_authorized", ".ssh/authorized_keys"},
       {"home_gitconfig", ".gitconfig"},
       {"home_autostart", ".config/autostart/evil.desktop"}});
  add(all, changed, "repo/",
      {{"checkout_overwrite", "notes.txt"}, {"checkout_add", "evil.txt"}, {"checkout_delete", "kept.txt"}});
  add(all, changed, clone,
      {{"other_clone_file", "/evil.txt"},
       {"other_clone_config", "/.git/config"},
       {"other_clone_head", "/.git/HEAD"},
       {"other_clone_chmod", "/agent.sh"},
       {"other_home", ".home/evil"},
       {"other_base", ".base"}});
  add(all, changed, "", {{"second_repository", "second/.git/config"}});
  add(all, changed, "outside/",
      {{"outside_chmod", "chmod"},
       {"outside_chmod_folder", "chmod_folder"},
       {"outside_utimes", "utimes"},
       {"outside_setxattr", "setxattr"},
       {"outside_truncate", "truncate"},
       {"outside_rename", "rename"},
       {"outside_mkdir", "mkdir"},
       {"outside_rmdir", "rmdir"},
       {"outside_unlink", "unlink"},
       {"outside_symlink", "symlink"},
       {"outside_fifo", "fifo"},
       {"outside_mapped", "mapped"},
       {"symlink_write", "by_symlink"},
       {"symlink_folder_write", "by_folder_link"},
       {"dot_dot", "by_dot_dot"},
       {"dot_dot_near", "by_dot_dot_near"},
       {"hard_link", "by_hard_link"},
       {"rename_in", "rename_in"},
       {"proc_self_root", "by_self_root"},
       {"proc_self_cwd", "by_self_cwd"},
       {"proc_parent_root", "by_parent_root"}});
  all.push_back({"outside_chown", changed, "outside/chown", Needs::root});
  all.push_back({"proc_one_root", secret, "", Needs::machine});
  all.push_back({"proc_one_cwd", changed, "outside/by_one_cwd", Needs::machine});
  add(all, marked, "shared/", {{"tmp_shared", "tmp/written"}, {"shm_shared", "shm/written"}});
}

void add_state(std::vector<Attack>& all) {
  add(all, changed, hub,
      {{"hub_config", "config"},
       {"hub_hook", "hooks/post-commit"},
       {"hub_main", "refs/heads/main"},
       {"hub_branch", "refs/heads/evil"},
       {"hub_pianola_ref", "refs/pianola/saved/r1/evil.1"},
       {"hub_packed_refs", "packed-refs"},
       {"hub_head", "HEAD"},
       {"hub_index", "index"},
       {"hub_index_lock", "index.lock"},
       {"hub_reflog", "logs/HEAD"},
       {"hub_info_attributes", "info/attributes"},
       {"hub_info_grafts", "info/grafts"},
       {"hub_info_exclude", "info/exclude"},
       {"hub_shallow", "shallow"},
       {"hub_commondir", "commondir"},
       {"hub_worktrees", "worktrees/evil/commondir"},
       {"hub_modules", "modules/evil/config"},
       {"hub_rename", "description"},
       {"symlink_hub", "config"},
       {"object_delete", "object_delete"},
       {"object_overwrite", "object_overwrite"},
       {"object_forge", "object_forge"},
       {"object_chmod", "object_chmod"},
       {"object_link", "object_other"},
       {"object_pack", "objects/pack/pack-evil.pack"},
       {"object_alternates", "objects/info/alternates"},
       {"object_new", "objects/00/00000000000000000000000000000000000000"}});
  add(all, changed, std::string(hub) + "pianola/",
      {{"state_journal", "runs/r1/journal/00000001.jsonl"},
       {"state_journal_delete", "runs/r1/journal/reserve"},
       {"state_plan", "runs/r1/plan.yaml"},
       {"state_exit_record", "runs/r1/attempts/fails.1/exit.json"},
       {"state_output", "runs/r1/attempts/fails.1/out"},
       {"state_gate_output", "runs/r1/gates/lands.1.candidate/1/out"},
       {"state_lock", "runs/r1/lock"},
       {"state_own_git", "git/config"},
       {"state_agent_copy", "runs/r1/agents"},
       {"state_new_run", "runs/r99/lock"},
       {"state_attempt_lock", "runs/r1/attempts/lands.1/attempt.lock"}});
  const std::string prompt = std::string(hub) + "pianola/runs/r2/attempts/batch.1/prompt.md";
  add(all, marked, "",
      {{"stdin_again", prompt},
       {"state_own_attempt", std::string(hub) + "pianola/runs/r2/attempts/batch.1/agent.json"}});
  add(all, opened_up, "", {{"stdin_chmod", prompt}});
}

void add_secrets(std::vector<Attack>& all) {
  for (const char* name : {"read_ssh_key",
                           "read_netrc",
                           "read_aws",
                           "read_agent_login",
                           "read_other_user",
                           "read_uncommitted",
                           "read_second_repository",
                           "read_other_clone",
                           "read_tmp",
                           "read_shm",
                           "read_hub_config",
                           "read_plan",
                           "read_journal",
                           "read_output",
                           "read_prompt",
                           "proc_environ",
                           "proc_cmdline",
                           "proc_cwd",
                           "proc_fd",
                           "proc_root",
                           "proc_mem",
                           "ptrace_read",
                           "vm_read",
                           "pidfd_getfd",
                           "symlink_read",
                           "hard_link_read",
                           "sysv_memory"})
    all.push_back({name, secret});
  all.push_back({"file_handle", secret, "", Needs::root});
  for (const char* name : {"read_shadow", "proc_map_files"}) all.push_back({name, told, "", Needs::root});
  for (const char* name : {"list_home", "see_names"}) all.push_back({name, told});
}

void add_processes(std::vector<Attack>& all) {
  add(all, ended, "",
      {{"kill_victim", "kill_victim"},
       {"kill_group", "group_victim"},
       {"queue_signal", "queue_victim"},
       {"pidfd_signal", "pidfd_victim"}});
  for (const char* name : {"vm_write", "proc_mem_write"}) all.push_back({name, written_to});
  for (const char* name : {"signal_keeper", "limit_victim", "sys_oom_score", "terminal_call"})
    all.push_back({name, told});
  for (const char* name :
       {"message_queue", "terminal_write", "terminal_type", "socket_docker", "socket_tmux",
        "socket_ssh_agent", "socket_dbus", "socket_x11", "socket_gpg", "socket_in_tmp", "socket_by_link"})
    all.push_back({name, contacted});
  all.push_back({"socket_abstract", contacted});
  all.push_back({"socket_vsock", told, "", Needs::machine});
  all.push_back({"socket_packet", told, "", Needs::root});
  for (const char* name : {"socket_admin", "socket_keeper", "prompt_file"}) all.push_back({name, told});
}

void add_kernel(std::vector<Attack>& all) {
  for (const char* name :
       {"mount_tmpfs", "mount_bind", "unshare_user", "unshare_mount", "clone_user", "clone3_user", "add_key",
        "keyctl", "perf_event_open", "io_uring", "reboot", "setuid_program", "remount"})
    all.push_back({name, told});
  for (const char* name : {"umount",
                           "pivot_root",
                           "chroot",
                           "open_tree",
                           "fsopen",
                           "move_mount",
                           "setns",
                           "bpf",
                           "kernel_log",
                           "set_clock",
                           "set_host_name",
                           "accounting",
                           "swapon",
                           "capabilities",
                           "become_root",
                           "device_node",
                           "kernel_log_device",
                           "sys_core_pattern",
                           "sys_hostname",
                           "sys_swappiness"})
    all.push_back({name, told, "", Needs::root});
  for (const char* name : {"userfaultfd", "io_ports", "disk_node", "kernel_core", "kexec", "load_module",
                           "quota", "old_calls", "x32_calls", "memory_device", "loop_control", "loop_device",
                           "fuse", "sys_module_setting", "sys_cgroup", "sysrq"})
    all.push_back({name, told, "", Needs::machine});
}

}  // namespace

std::vector<Attack> batch_attacks() {
  std::vector<Attack> all;
  add_secrets(all);
  add_processes(all);
  add_kernel(all);
  add_files(all);
  add_state(all);
  return all;
}

std::vector<Attack> check_attacks() {
  std::vector<Attack> all;
  for (Attack& attack : batch_attacks()) {
    // A check has no prompt, and its keeper no socket.
    const bool is_of_agents =
        attack.name.starts_with("stdin_") || attack.name == "prompt_file" || attack.name == "socket_keeper";
    if (is_of_agents) continue;
    attack.name = "check/" + attack.name;
    all.push_back(std::move(attack));
  }
  // The network of agents is tried in door_test.cc, relay_test.cc and landlock_test.cc; here it is that of
  // checks.
  all.push_back({"check/network_tcp", contacted});
  all.push_back({"check/network_interfaces", told});
  return all;
}

}  // namespace pianola::redteam
