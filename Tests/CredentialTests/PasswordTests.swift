import Cryptography
import Testing

@testable import Credentials

@Suite struct `A password` {
    let cheap = Password.Cost(passes: 1, memory: 64 * 1024)

    @Test func `is known again from its hash, and no other is`() throws {
        let hash = try Password.hash("correct horse battery", cost: cheap)
        #expect(hash.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(Password.isRight("correct horse battery", for: hash))
        #expect(!Password.isRight("correct horse batterz", for: hash))
        #expect(!Password.isRight("", for: hash))
        #expect(try Password.hash("correct horse battery", cost: cheap) != hash)
    }

    @Test func `is the same from every keyboard`() throws {
        let hash = try Password.hash("cafe\u{301} \u{FB01}ne \u{FF11}2", cost: cheap)
        #expect(Password.isRight("caf\u{E9} fine 12", for: hash))
        #expect(!Password.isRight("cafe fine 12", for: hash))
    }

    @Test func `may hold any character and differs after a zero`() throws {
        let hash = try Password.hash("one\0two", cost: cheap)
        #expect(Password.isRight("one\0two", for: hash))
        #expect(!Password.isRight("one", for: hash) && !Password.isRight("one\0three", for: hash))
    }

    @Test func `is hashed up to its longest and refused beyond it`() throws {
        let longest = String(repeating: "x", count: 1024)
        #expect(Password.isRight(longest, for: try Password.hash(longest, cost: cheap)))
        #expect(throws: Password.Fault.tooLong) { try Password.hash(longest + "x", cost: cheap) }
        #expect(throws: Password.Fault.tooLong) { try Password.hash(String(repeating: "\u{FDFA}", count: 200)) }
        #expect(!Password.isRight(longest + "x", for: try Password.hash(longest, cost: cheap)))
    }

    @Test func `is hashed anew when the cost changes`() throws {
        let hash = try Password.hash("correct horse battery", cost: cheap)
        #expect(!Password.needsRehash(hash, cost: cheap))
        #expect(Password.needsRehash(hash))
        #expect(Password.needsRehash("not a hash", cost: cheap))
    }

    @Test func `costs by default what the standard asks`() throws {
        #expect(try Password.decoy().hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(!Password.isRight("", for: try Password.decoy(cost: cheap)))
        #expect(Password.Cost(passes: -1, memory: .min) == Password.Cost(passes: 1, memory: 8192))
        #expect(Password.Cost(passes: .max, memory: .max).memory == 1 << 30)
    }

    @Test(arguments: [
        "", "$", "$argon2id$v=19$m=64,t=1,p=1$", "$argon2i$v=19$m=64,t=3,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=64,t=999999,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=64,t=1,p=255$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=-64,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=99999999999999999999,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$2b$12$abc", "$argon2id$v=19$m=64\0$a$b$c",
        "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA", String(repeating: "$", count: 500),
    ])
    func `is right for no text that is not a hash of ours`(text: String) {
        #expect(!Password.isRight("correct horse battery", for: text))
    }
}

@Suite struct `A new password` {
    let rule = PasswordRule(service: "Continuum SEND")

    @Test(arguments: [
        ("short", PasswordRefusal.tooShort), ("elevenchars", .tooShort), ("", .tooShort),
        (String(repeating: "a1b2c3d4", count: 129), .tooLong), ("aaaaaaaaaaaa", .repeated),
        ("abababababab", .repeated), ("kq7kq7kq7kq7", .repeated), ("plum7!plum7!plum7!", .repeated),
        ("Continuum2026", .service), ("!continuumsend1!", .service), ("amina.khan26", .email),
        ("Amina.Khan@Example.org", .email), ("1234567890ab", .sequence), ("qwertyuiop12", .sequence),
        ("zyxwvutsrqpo", .sequence), ("x0987654321y", .sequence), ("PasswordPassword", .guessable),
        ("continuum12345678", .guessable), ("welcome-secret!", .guessable), ("aminakhan-continuum", .guessable),
    ])
    func `is refused for a plain reason`(password: String, reason: PasswordRefusal) {
        #expect(rule.refusal(of: password, email: "amina.khan@example.org") == reason)
        #expect(!reason.description.isEmpty)
    }

    @Test(arguments: [
        "correct horse battery", "plum ladder window", "ilovecontinuumsomuch", "Tr0ub4dor&3xyz", "пароль для школы",
        "my name is amina and so", "été à la plage!", "1234 plum ladder",
    ])
    func `is taken when three words stand in it`(password: String) {
        #expect(rule.refusal(of: password, email: "amina.khan@example.org") == nil)
    }

    @Test(arguments: ["", "@", "a@b", "amina", "...@..."])
    func `is judged beside any address`(email: String) {
        #expect(rule.refusal(of: "correct horse battery", email: email) == nil)
        #expect(rule.refusal(of: "correct horse battery") == nil)
        #expect(PasswordRule(service: "").refusal(of: "correct horse battery", email: email) == nil)
    }

    @Test func `is judged whatever it holds`() {
        var dice = Dice()
        for _ in 0..<2000 {
            let text = String(decoding: dice.bytes(upTo: 40), as: UTF8.self)
            let reason = rule.refusal(of: text, email: String(decoding: dice.bytes(upTo: 20), as: UTF8.self))
            #expect(text.unicodeScalars.count >= 6 || reason != nil, "seed \(dice.seed)")
        }
    }
}
