// The settings of the page and of the metrics: what they become, and what is said of wrong ones.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "app/house_config.hpp"
#include "support/command_line.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

const std::string meter = "devices:\n  meter:\n    adapter: p1\n    line: tcp://127.0.0.1:2001\n";

struct Shelf {
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = scratch / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  }
  app::LoadedHouse load(const std::string& text) const {
    return app::load_house(write("config-" + std::to_string(++files) + ".yaml", text + meter));
  }
  std::string problems(const std::string& text) const {
    std::string out;
    for (const Problem& problem : load(text).problems) out += to_text(problem, "F") + '\n';
    return out;
  }
  Scratch scratch;
  mutable int files = 0;
};

bool begins(const std::string& text, const std::string& with) {
  CAPTURE(text);
  CHECK(text.substr(0, with.size()) == with);
  return text.starts_with(with);
}

}  // namespace

TEST_CASE("web settings: without a section there is no page and no port") {
  const Shelf shelf;
  CHECK_FALSE(shelf.load("").house.web);
}

TEST_CASE("web settings: an empty section is a page for this machine alone") {
  const Shelf shelf;
  for (const char* empty : {"web: {}\n", "web:\n"}) {
    const auto web = shelf.load(empty).house.web;
    REQUIRE(web);
    CHECK(to_text(web->listen) == "127.0.0.1:8470");
    CHECK(web->password == "");
    CHECK(web->token == "");
    CHECK(web->commands);
    CHECK_FALSE(web->ingress);
    CHECK(web->language == "auto");
    CHECK_FALSE(web->tls);
    CHECK_FALSE(web->metrics);
    CHECK(web->address("pi") == "http://127.0.0.1:8470/");
  }
}

TEST_CASE("web settings: all of them are read") {
  const Shelf shelf;
  const std::string password = shelf.write("password", "open sesame\n");
  const std::string token = shelf.write("token", "0123456789abcdef\r\n");
  const auto loaded = shelf.load(
      "web:\n  listen: 0.0.0.0:81\n  password_file: " + password + "\n  token_file: " + token +
      "\n  hosts: [gridtap.example.org, house]\n  commands: false\n  ingress: true\n"
      "  language: nb\n  hide: [gateway, meter/voltage_l1, meter_gas]\n"
      "metrics: {labels: {site: home}}\n");
  CHECK(loaded.problems.empty());
  const auto& web = loaded.house.web;
  REQUIRE(web);
  CHECK(web->password == "open sesame");
  CHECK(web->token == "0123456789abcdef");
  CHECK(web->hosts == std::vector<std::string>{"gridtap.example.org", "house"});
  CHECK_FALSE(web->commands);
  CHECK(web->ingress);
  CHECK(web->language == "nb");
  CHECK(web->hide == std::vector<std::string>{"gateway", "meter/voltage_l1", "meter_gas"});
  REQUIRE(web->metrics);
  CHECK(*web->metrics == web::MetricLabels{{"site", "home"}});
  CHECK(web->address("pi") == "http://pi:81/");
}

TEST_CASE("web settings: beyond this machine there is a password, or Home Assistant in front") {
  const Shelf shelf;
  for (const char* address : {"0.0.0.0:8470", "192.168.1.5:8470", "'[::]:8470'"}) {
    CAPTURE(address);
    const std::string listen = "web: {listen: " + std::string(address);
    begins(shelf.problems(listen + "}\n"), "F:1:15: web.listen: every machine that reaches this");
    CHECK(shelf.problems(listen + ", ingress: true}\n") == "");
    const std::string password = shelf.write("password", "secret");
    CHECK(shelf.problems(listen + ", password_file: " + password + "}\n") == "");
    std::filesystem::remove(password);
  }
  CHECK(shelf.problems("web: {listen: '[::1]:8470'}\n") == "");
}

TEST_CASE("web settings: an address that is none is named") {
  const Shelf shelf;
  begins(shelf.problems("web: {listen: 8470}\n"),
         "F:1:15: web.listen: write an address of this machine and a port");
  begins(shelf.problems("web: {listen: pi.local:8470}\n"),
         "F:1:15: web.listen: the address in numbers");
}

TEST_CASE("web settings: no port is given twice") {
  const Shelf shelf;
  CHECK(shelf.problems("questions: 127.0.0.1:8470\nweb: {}\n") ==
        "F:2:1: web.listen: this port is that of `questions:` already: give each its own\n");
  CHECK(shelf.problems("questions: 127.0.0.1:8471\nweb: {}\n") == "");
}

TEST_CASE("web settings: files with secrets have to be there, and to hold something") {
  const Shelf shelf;
  const std::string empty = shelf.write("empty", "\n");
  for (const char* key : {"password_file", "token_file"}) {
    CAPTURE(key);
    const std::string web = "web:\n  " + std::string(key) + ": ";
    begins(shelf.problems(web + "/nowhere/secret\n"),
           "F:2:" + std::to_string(5 + std::string(key).size()) + ": web." + key +
               ": cannot read /nowhere/secret: no such file");
    begins(shelf.problems(web + empty + '\n'),
           "F:2:" + std::to_string(5 + std::string(key).size()) + ": web." + key +
               ": the file is empty");
    const std::string said = shelf.problems(web + "hunter2\n");
    CHECK(said.find("hunter2") == said.npos);
    CHECK(said.find("cannot read the file") != said.npos);
  }
  const std::string shorter = shelf.write("short", "0123456789abcde");
  begins(shelf.problems("web:\n  token_file: " + shorter + '\n'),
         "F:2:15: web.token_file: a token has at least 16 characters");
}

TEST_CASE("web settings: a certificate without its key, or that is none") {
  const Shelf shelf;
  const std::string none = shelf.write("none.pem", "no certificate\n");
  begins(shelf.problems("web:\n  tls: {certificate_file: " + none + "}\n"),
         "F:2:27: web.tls.certificate_file: certificate_file and key_file go together: give both");
  begins(shelf.problems("web:\n  tls: {key_file: " + none + "}\n"),
         "F:2:19: web.tls.key_file: certificate_file and key_file go together: give both");
  begins(shelf.problems("web:\n  tls: {certificate_file: " + none + ", key_file: " + none + "}\n"),
         "F:2:27: web.tls.certificate_file: cannot use " + none + ": ");
  begins(shelf.problems("web:\n  tls: {certificate_file: /nowhere/x, key_file: " + none + "}\n"),
         "F:2:27: web.tls.certificate_file: cannot use /nowhere/x: ");
  const std::string at = shelf.scratch / "good";
  const std::string make =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout " + at + ".key -out " +
      at + ".crt 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);
  const auto loaded =
      shelf.load("web:\n  tls: {certificate_file: " + at + ".crt, key_file: " + at + ".key}\n");
  CHECK(loaded.problems.empty());
  CHECK(loaded.house.web->address("") == "https://127.0.0.1:8470/");
}

TEST_CASE("web settings: unknown keys and words name what was meant") {
  const Shelf shelf;
  const std::pair<const char*, const char*> wrong[] = {
      {"listn: 127.0.0.1:1", "web.listn: unknown key (did you mean `listen`?)"},
      {"port: 8470", "web.port: write `listen: 127.0.0.1:8470`"},
      {"password: hunter2", "web.password: a password is kept in a file of its own"},
      {"language: no", "web.language: expected one of auto, en, nb, nl, de, sv, da"},
      {"hosts: ['https://x.org']", "web.hosts: names alone"},
      {"hosts: ['x.org:8470']", "web.hosts: names alone"},
      {"hide: [metre]", "web.hide: no device `metre` (did you mean `meter`?)"},
      {"hide: [meter/]", "web.hide: write a device, or one entity as in its topic"},
      {"commands: 1", "web.commands: "},
      {"tls: {cert: x}", "web.tls.cert: write `certificate_file:`"},
      {"tls: true", "web.tls: "},
  };
  for (const auto& [setting, said] : wrong) {
    CAPTURE(setting);
    const std::string all = shelf.problems("web:\n  " + std::string(setting) + '\n');
    CAPTURE(all);
    CHECK(all.find(said) != all.npos);
    CHECK(all.find("hunter2") == all.npos);
  }
  CHECK(shelf.problems("wbe: {}\n").find("did you mean `web`?") != std::string::npos);
  CHECK(shelf.problems("web: 127.0.0.1:8470\n").find("F:1:6: web: ") == 0);
  CHECK(shelf.problems("web:\nlisten: 127.0.0.1:1\n") ==
        "F:2:1: listen: `listen` is in the same column as `web`: it belongs below it, two spaces "
        "more\n");
}

TEST_CASE("web settings: metrics are served by the page, with labels of their own") {
  const Shelf shelf;
  const auto plain = shelf.load("web: {}\nmetrics: {}\n");
  CHECK(plain.problems.empty());
  REQUIRE(plain.house.web->metrics);
  CHECK(plain.house.web->metrics->empty());
  begins(shelf.problems("metrics: {}\n"),
         "F:1:10: metrics: the page serves them: it needs `web: {}`");
  const std::string web = "web: {}\nmetrics: ";
  CHECK(shelf.problems(web + "{labels: {device: x}}\n") ==
        "F:2:20: metrics.labels.device: gridtap has a label of this name itself: choose another "
        "one\n");
  CHECK(shelf.problems(web + "{labels: {my-site: x}}\n").find("is named by letters") !=
        std::string::npos);
  CHECK(shelf.problems(web + "{label: {site: x}}\n").find("did you mean `labels`?") !=
        std::string::npos);
}

TEST_CASE("web settings: without `mqtt:` there is no broker where another face shows the house") {
  const Shelf shelf;
  CHECK(shelf.load("").house.has_broker);
  CHECK(shelf.load("web: {}\nmqtt: {}\n").house.has_broker);
  CHECK_FALSE(shelf.load("web: {}\n").house.has_broker);
  CHECK_FALSE(shelf.load("questions: 127.0.0.1:2002\n").house.has_broker);
}

TEST_CASE("web settings: a page that others reach is reported, and a secret that others can read") {
  const Shelf shelf;
  const std::string password = shelf.write("password", "secret");
  const std::string token = shelf.write("token", "0123456789abcdef");
  std::filesystem::permissions(token, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto loaded =
      shelf.load("state_dir: /tmp\nweb:\n  listen: 0.0.0.0:8470\n  password_file: " + password +
                 "\n  token_file: " + token + '\n');
  REQUIRE(loaded.place_warnings.size() == 1);
  begins(to_text(loaded.place_warnings[0], "F"),
         "F:3:11: web.listen: every machine that reaches this address is asked for the password, "
         "and who listens");
  REQUIRE(loaded.secret_warnings.size() == 1);
  CHECK(to_text(loaded.secret_warnings[0], "F") ==
        "F:5:15: web.token_file: others can read it: chmod 640 " + token);
  CHECK(shelf.load("state_dir: /tmp\nweb: {}\n").place_warnings.empty());
  CHECK(shelf.load("state_dir: /tmp\nweb: {listen: '0.0.0.0:1', ingress: true}\n")
            .place_warnings.empty());
}

TEST_CASE("command line: check says where the page is, and that there is no broker") {
  const CommandLine shell;
  const auto said = [&](const std::string& text) {
    const Ended ended = shell("check " + shell.write("c.yaml", "state_dir: /tmp\n" + text + meter));
    CHECK(ended.status == 0);
    return ended.out;
  };
  CHECK(said("web: {}\n")
            .find("good, 1 device; no broker, as there is no `mqtt:`; the page is "
                  "http://127.0.0.1:8470/\n") != std::string::npos);
  CHECK(said("web: {}\nmqtt: {}\n")
            .find("; the broker is localhost:1883; the page is http://127.0.0.1:8470/\n") !=
        std::string::npos);
}
