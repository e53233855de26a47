//! Words that names are made of: plain, short, friendly, and easy to say to a neighbour.
//!
//! May import: nothing.

/// What attendees are called until they choose a name of their own.
#[rustfmt::skip]
pub(super) const TREES: [&str; 125] = [
    "Acacia", "Alder", "Almond", "Apple", "Apricot", "Araucaria", "Ash", "Aspen", "Avocado",
    "Balsam", "Bamboo", "Banyan", "Baobab", "Bay", "Beech", "Birch", "Blackthorn", "Boxwood",
    "Buckeye", "Butternut", "Cacao", "Camphor", "Carob", "Cashew", "Cassia", "Catalpa", "Cedar",
    "Cherry", "Chestnut", "Citron", "Clove", "Coconut", "Cork", "Cornel", "Cottonwood", "Crabapple",
    "Cypress", "Date", "Dogwood", "Ebony", "Elder", "Elm", "Eucalyptus", "Fig", "Fir", "Frangipani",
    "Ginkgo", "Guava", "Hackberry", "Hawthorn", "Hazel", "Hemlock", "Hibiscus", "Hickory", "Holly",
    "Hornbeam", "Ironwood", "Jacaranda", "Jackfruit", "Judas", "Juniper", "Kapok", "Katsura",
    "Kumquat", "Laburnum", "Larch", "Laurel", "Lemon", "Lilac", "Lime", "Linden", "Locust",
    "Loquat", "Lychee", "Magnolia", "Mahogany", "Mango", "Mangrove", "Maple", "Medlar", "Mesquite",
    "Mimosa", "Mulberry", "Myrtle", "Nutmeg", "Oak", "Oleander", "Olive", "Orange", "Osier", "Palm",
    "Papaya", "Peach", "Pear", "Pecan", "Persimmon", "Pine", "Pistachio", "Plane", "Plum", "Pomelo",
    "Poplar", "Quince", "Redbud", "Redwood", "Rosewood", "Rowan", "Sapele", "Sassafras", "Sequoia",
    "Service", "Spruce", "Sumac", "Sycamore", "Tamarack", "Tamarind", "Teak", "Tulip", "Tupelo",
    "Walnut", "Wattle", "Willow", "Wisteria", "Yew", "Zelkova",
];

/// The first words of pairs.
#[rustfmt::skip]
pub(super) const ADJECTIVES: [&str; 128] = [
    "amber", "ample", "apt", "arctic", "azure", "balmy", "basic", "black", "blue", "bold", "brave",
    "brief", "bright", "brisk", "broad", "bronze", "brown", "busy", "calm", "candid", "clean",
    "clear", "clever", "close", "cobalt", "comic", "cool", "copper", "coral", "cosy", "crimson",
    "crisp", "curly", "daring", "deep", "direct", "dry", "eager", "early", "easy", "equal", "exact",
    "extra", "fair", "famous", "fancy", "fast", "fine", "firm", "first", "fluffy", "fond", "free",
    "fresh", "friendly", "frosty", "full", "funny", "gentle", "glad", "global", "golden", "good",
    "grand", "great", "green", "handy", "happy", "honest", "humble", "indigo", "ivory", "jade",
    "jolly", "keen", "kind", "lasting", "lean", "light", "little", "lively", "local", "long",
    "loud", "loyal", "lucky", "lunar", "magic", "major", "mellow", "merry", "mighty", "mild",
    "mint", "misty", "modern", "modest", "neat", "new", "nimble", "noble", "novel", "olive", "open",
    "orange", "patient", "plain", "polite", "prime", "proud", "purple", "quick", "quiet", "rapid",
    "ready", "red", "rich", "royal", "safe", "sandy", "shy", "silent", "silver", "sunny", "super",
    "sweet", "swift", "teal",
];

/// The second words of pairs.
#[rustfmt::skip]
pub(super) const ANIMALS: [&str; 128] = [
    "alpaca", "badger", "bat", "bear", "beaver", "bee", "beetle", "bison", "boar", "bobcat",
    "buffalo", "camel", "canary", "cat", "cheetah", "condor", "coyote", "crab", "crane", "cricket",
    "crow", "deer", "dingo", "dog", "dolphin", "dove", "duck", "eagle", "eel", "egret", "elk",
    "emu", "falcon", "ferret", "finch", "fish", "fox", "frog", "gazelle", "gecko", "gibbon",
    "giraffe", "goat", "goose", "gull", "hamster", "hare", "hawk", "hedgehog", "heron", "hippo",
    "horse", "ibex", "iguana", "impala", "jackal", "jaguar", "jay", "kangaroo", "kestrel", "kitten",
    "kiwi", "koala", "lark", "lemur", "leopard", "lion", "lizard", "llama", "lobster", "lynx",
    "magpie", "mammoth", "marmot", "meerkat", "mole", "moose", "mouse", "mule", "newt", "octopus",
    "okapi", "orca", "oriole", "osprey", "ostrich", "otter", "owl", "panda", "panther", "parrot",
    "pelican", "penguin", "pigeon", "pony", "puffin", "puma", "puppy", "quail", "rabbit", "raccoon",
    "raven", "robin", "salmon", "seal", "shark", "sheep", "shrimp", "sloth", "snail", "sparrow",
    "spider", "squid", "squirrel", "stork", "swan", "tapir", "tiger", "trout", "tuna", "turtle",
    "vole", "walrus", "whale", "wolf", "wombat", "wren", "zebra",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_word_stands_twice_and_all_are_plain() {
        let mut seen = HashSet::new();
        for word in ADJECTIVES.iter().chain(&ANIMALS) {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            assert!((2..=9).contains(&word.len()), "{word}");
            assert!(seen.insert(*word), "{word}");
        }
        let trees: HashSet<_> = TREES.iter().collect();
        assert_eq!(trees.len(), TREES.len());
    }
}
